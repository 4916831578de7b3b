import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';
import { checkContainerPlan, checkOrder } from '../plan/check.ts';
import type { CheckReport } from '../report/check.ts';
import { leaveAuthorities } from './certificates.ts';
import { runUser } from './owner.ts';
import { leave, prepareState } from './state.ts';
import type { Surroundings } from './surroundings.ts';

/** What is checked, and on what. */
export interface CheckRequest {
  readonly engine: Engine;
  readonly config: Config;
  readonly image: string;
  readonly surroundings: Surroundings;
  readonly paths: readonly string[];
  /** Seconds for the import, and for each request. */
  readonly limit: number;
  /** Aborted: it ends where it is. */
  readonly signal: AbortSignal;
}

/** Runs all passes in a container of its own, which is gone afterwards; undefined: it was aborted. */
export async function check(request: CheckRequest): Promise<CheckReport | undefined> {
  const { engine, config, image, surroundings, paths, limit, signal } = request;
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
    await leave(join(state, 'check.json'), checkOrder(config, app, paths, limit));
    const inputs = { id, image, user, stateDirectory: state, version: surroundings.version, term: 'dumb' };
    container = await engine.create(checkContainerPlan(config, inputs));
    const aborted = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined));
      if (signal.aborted) resolve(undefined);
    });
    await engine.start(container);
    const code = await Promise.race([engine.wait(container), aborted]);
    if (code === undefined) return undefined;
    const printed = await text(
      await engine.logs(container, { follow: false, tail: undefined, since: undefined, timestamps: false }),
    );
    surroundings.out.debug(printed);
    return await readReport(state, code, printed);
  } finally {
    await remove();
    await rm(state, { recursive: true, force: true });
  }
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
