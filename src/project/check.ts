import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';
import { type CheckRequest, checkContainerPlan, checkOrder } from '../plan/check.ts';
import type { CheckReport } from '../report/check.ts';
import { leaveAuthorities } from './certificates.ts';
import { runUser } from './owner.ts';
import { leave, prepareState } from './state.ts';
import type { Surroundings } from './surroundings.ts';

/** What is checked, and on what. */
export interface Check {
  readonly engine: Engine;
  readonly config: Config;
  readonly image: string;
  readonly surroundings: Surroundings;
  readonly requests: readonly CheckRequest[];
  /** Seconds for the import, and for each request. */
  readonly limit: number;
  /** Told of each pass as it begins, by its name. */
  readonly onPass: (name: string) => void;
  /** Aborted: it ends where it is. */
  readonly signal: AbortSignal;
}

/** Runs all passes in a container of its own, which is gone afterwards; undefined: it was aborted. */
export async function check(request: Check): Promise<CheckReport | undefined> {
  const { engine, config, image, surroundings, requests, limit, onPass, signal } = request;
  const { app } = config;
  if (app.kind === 'apache' || app.kind === 'none') {
    throw new Fault('`check` runs one application, and an Apache configuration may have several', {
      code: ExitCode.usage,
      hint: 'Name it: `wsgi-dev check --app module:callable`, or a script file.',
    });
  }
  const id = randomBytes(4).toString('hex');
  const user = await runUser(config);
  const state = await prepareState(config.directory, user, join('check', id));
  let container: string | undefined;
  const remove = async (): Promise<void> => {
    if (container !== undefined) await engine.remove(container, { volumes: true });
  };
  try {
    await leaveAuthorities(engine, config, { image, state }, surroundings.env);
    await leave(join(state, 'check.json'), checkOrder(config, app, requests, limit));
    const inputs = { id, image, user, stateDirectory: state, version: surroundings.version, term: 'dumb' };
    container = await engine.create(checkContainerPlan(config, inputs));
    const aborted = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined));
      if (signal.aborted) resolve(undefined);
    });
    await engine.start(container);
    const everything = { follow: true, tail: undefined, since: undefined, timestamps: false };
    const logs = await engine.logs(container, everything);
    const ended = Promise.all([engine.wait(container), printedTo(logs, onPass)]);
    const result = await Promise.race([ended, aborted]);
    logs.destroy();
    if (result === undefined) return undefined;
    const [code, printed] = result;
    surroundings.out.debug(printed);
    return await readReport(state, code, printed);
  } finally {
    await remove();
    await rm(state, { recursive: true, force: true });
  }
}

/** What is printed to the end; lines that name a pass are for `onPass`. */
async function printedTo(logs: Readable, onPass: (name: string) => void): Promise<string> {
  const lines: string[] = [];
  try {
    for await (const line of createInterface({ input: logs })) {
      const [, pass] = /^wsgi-dev-check: (\w+)$/.exec(line) ?? [];
      if (pass === undefined) lines.push(line);
      else onPass(pass);
    }
  } catch {
    // It was broken off, and nobody waits for it.
  }
  return lines.join('\n');
}

async function readReport(state: string, code: number, printed: string): Promise<CheckReport> {
  try {
    return JSON.parse(await readFile(join(state, 'report.json'), 'utf8')) as CheckReport;
  } catch (error) {
    throw new Fault(`The check ended with exit code ${code} and left no report`, {
      code: ExitCode.failed,
      hint: printed.trim().split(/\r?\n/).slice(-5).join('\n'),
      cause: error,
    });
  }
}
