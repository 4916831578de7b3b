import type { RunnerEvent } from '../../session/events.ts';
import type { Sent } from '../perform/flight.ts';
import type { Performance } from '../perform/perform.ts';
import type { Stage } from '../perform/stage.ts';
import type { Run } from '../scenario.ts';
import { normalizeAll, normalizer, RULES } from './normalize.ts';
import type { RequestResult, ScenarioResult, Timings } from './result.ts';

/** What differs between two runs of the same, in an event. */
const VARYING = new Set(['t', 'seq', 'ms', 'order', 'url']);

/** The result of a run that was performed. */
export function resultOf(
  run: Run,
  stage: Stage,
  { steps, stepsMs, stops, flight, failure }: Performance,
  { started, totalMs }: Pick<Timings, 'started' | 'totalMs'>,
  python: string | undefined,
): ScenarioResult {
  const rules = [...RULES, ...run.normalize];
  const varying = { steps, stops, requests: flight.sent.map(requestOf), events: stage.events.map(eventOf), failure };
  return {
    ...identity(run, python),
    outcome: failure === undefined ? 'passed' : 'failed',
    skipped: undefined,
    ...normalizeAll(normalizer(rules), varying),
    normalized: rules,
    timings: { started, totalMs, stepsMs, requestsMs: flight.sent.map(durationOf) },
  };
}

/** The result of a run that did not take place. */
export function skippedResult(run: Run, python: string | undefined, why: string): ScenarioResult {
  return {
    ...identity(run, python),
    outcome: 'skipped',
    skipped: why,
    failure: undefined,
    steps: [],
    stops: [],
    requests: [],
    events: [],
    normalized: [],
    timings: { started: new Date(0).toISOString(), totalMs: 0, stepsMs: [], requestsMs: [] },
  };
}

function identity({ name, file, description, tags, each }: Run, python: string | undefined) {
  return { schema: 1, name, file, description, tags, each, python } as const;
}

function requestOf({ number, name, method, path, answer }: Sent): RequestResult {
  return { number, name, method, path, status: answer?.status, bytes: answer?.body.length };
}

function durationOf({ sentAt, answeredAt }: Sent): number | null {
  return answeredAt === undefined ? null : Math.round(answeredAt - sentAt);
}

function eventOf(event: RunnerEvent): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(event).filter(([key]) => !VARYING.has(key)));
}
