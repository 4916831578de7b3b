import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { kindOf } from '../config/text.ts';
import { ExitCode, Fault } from '../errors.ts';
import { RUN_FILE } from '../report/slugs.ts';
import type { ScenarioResult } from '../scenario/result/result.ts';
import { scenarioResult } from '../scenario/result/result-schema.ts';
import { type RunTrace, runTrace } from './manifest.ts';

/** The files of a scenario's evidence that are handed over. */
export const EVIDENCE = ['environment.json', 'result.json', 'session.cast', 'transcript.txt'] as const;

/** What `ci` left of one scenario. */
export interface LeftEvidence {
  readonly directory: string;
  readonly result: ScenarioResult;
  readonly trace: RunTrace;
}

/** The evidence in `directory`, or the one below it that is meant; a Fault (code 2) tells which there are. */
export function findEvidence(directory: string): LeftEvidence {
  if (kindOf(join(directory, 'result.json')) === 'file') return readEvidence(directory);
  const all = below(directory).map((name) => readEvidence(join(directory, name)));
  const failed = all.filter(({ result }) => result.outcome === 'failed');
  const [one, ...others] = failed.length > 0 ? failed : all;
  if (one === undefined) {
    throw new Fault(`${directory} holds no evidence of a scenario that was run`, {
      code: ExitCode.usage,
      hint: 'It is what `wsgi-dev ci --output DIR` leaves: name DIR, or the directory of one scenario in it.',
    });
  }
  if (others.length > 0) {
    throw new Fault(`${directory} holds several scenarios${failed.length > 0 ? ' that failed' : ''}`, {
      code: ExitCode.usage,
      hint: `Name one of them:\n${[one, ...others].map((each) => each.directory).join('\n')}`,
    });
  }
  return one;
}

const names = z.array(z.string().regex(/^[a-z0-9-]+$/));

/** The directories of the last run's scenarios: those that were skipped have no run.json, and those of earlier runs are no part of it. */
function below(directory: string): readonly string[] {
  if (kindOf(join(directory, RUN_FILE)) !== 'file') return [];
  const ofRun = names.safeParse(readJson(directory, RUN_FILE));
  if (!ofRun.success) throw otherVersion(directory, ofRun.error);
  return ofRun.data.filter((name) => kindOf(join(directory, name, 'run.json')) === 'file');
}

function readEvidence(directory: string): LeftEvidence {
  const result = scenarioResult.safeParse(readJson(directory, 'result.json'));
  const trace = runTrace.safeParse(readJson(directory, 'run.json'));
  if (result.success && trace.success) return { directory, result: result.data, trace: trace.data };
  throw otherVersion(directory, result.error ?? trace.error);
}

function readJson(directory: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(directory, name), 'utf8'));
  } catch (cause) {
    throw new Fault(`${join(directory, name)} can't be read`, {
      code: ExitCode.usage,
      hint: 'A scenario that was skipped leaves no run.json; run `wsgi-dev ci` again.',
      cause,
    });
  }
}

function otherVersion(directory: string, cause: unknown): Fault {
  return new Fault(`The evidence in ${directory} is not of this version of wsgi-dev`, {
    code: ExitCode.usage,
    hint: 'Run `wsgi-dev ci` again.',
    cause,
  });
}
