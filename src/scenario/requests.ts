import type { Sent } from '../plan/check.ts';
import { fill, usesIn } from './fill.ts';
import { encodeBody } from './perform/body.ts';
import type { RequestStep, Scenario, Variables } from './scenario.ts';
import { expand } from './suite/expand.ts';
import { requestTarget } from './texts.ts';

/** What a scenario requests, without the rest of it. */
export interface ScenarioRequests {
  readonly sent: readonly Sent[];
  /** Those that can't be sent by themselves, each in a line that says why. */
  readonly left: readonly string[];
}

/** The requests of a scenario, of each of its rows; those that need what an earlier response had are left out. */
export async function scenarioRequests(scenario: Scenario): Promise<ScenarioRequests> {
  const sent: Sent[] = [];
  const left = new Set<string>();
  for (const run of expand(scenario)) {
    for (const step of run.steps) {
      if (step.kind !== 'request') continue;
      const unknown = unknownIn(step, run.vars);
      if (unknown === undefined) sent.push(await sentBy(fill(step, run.vars), run.directory));
      else left.add(`${scenario.shown}:${step.line}: left out: ${unknown} is of an earlier response`);
    }
  }
  return { sent, left: [...left] };
}

/** The first of its variables without a value. */
function unknownIn(value: unknown, vars: Variables): string | undefined {
  const texts = JSON.stringify(value).replaceAll('\\"', '"');
  return usesIn(texts).find(({ name }) => name !== undefined && !Object.hasOwn(vars, name))?.written;
}

async function sentBy({ method, path, headers, cookies, body }: RequestStep, directory: string): Promise<Sent> {
  const encoded = body && (await encodeBody(body, directory));
  const own = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  const kept = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
  return {
    method,
    path: requestTarget(path),
    headers: {
      ...(encoded && !own && { 'Content-Type': encoded.type }),
      ...(kept.length > 0 && { Cookie: kept.join('; ') }),
      ...headers,
    },
    body: encoded === undefined ? '' : encoded.bytes.toString('base64'),
  };
}
