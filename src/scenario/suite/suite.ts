import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Config } from '../../config/config.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Installed } from '../../plan/installed.ts';
import { ownMark } from '../../project/process-mark.ts';
import { type Kept, type Ran, runScenario } from '../perform/run.ts';
import type { Recording } from '../result/result.ts';
import { skippedResult } from '../result/results.ts';
import type { Run } from '../scenario.ts';
import type { Images } from './images.ts';
import { createLanes } from './lanes.ts';

/** A run, and the configuration that it has. */
export interface Prepared {
  readonly run: Run;
  readonly config: Config;
  /** The version that --python asked for. */
  readonly python: string | undefined;
}

export interface SuiteRequest<T> {
  readonly engine: Engine;
  readonly prepared: readonly Prepared[];
  readonly images: Images;
  /** So many at the same time. */
  readonly jobs: number;
  /** So often a failed one is run again. */
  readonly retries: number;
  /** So many seconds a failed one's container is left as it is, for a person; undefined: not at all. */
  readonly holdSeconds: number | undefined;
  readonly version: string;
  /** The terminal of a person who is to stand at the prompt; undefined: nobody is. */
  readonly term?: string | undefined;
  readonly signal: AbortSignal;
  onStart(run: Run): void;
  /** Takes down what a run left. What it resolves with is all that is kept of that: many together may leave a lot. */
  onDone(done: Done): Promise<T>;
}

/** One run and all that it left. */
export interface Done extends Ran, Prepared {
  /** The image with the source in it; undefined: it was skipped. */
  readonly image: string | undefined;
  /** What is in it; undefined: nothing could be asked. */
  readonly installed: Installed | undefined;
  /** How often it was run. */
  readonly attempts: number;
}

/** Runs all, `jobs` at a time, each job on a lane of its own. Resolves with what `onDone` made of each, in the order given. */
export async function runSuite<T>(request: SuiteRequest<T>): Promise<readonly T[]> {
  const { engine, prepared, jobs } = request;
  // What goes wrong with the engine in one job ends the others too.
  const broken = new AbortController();
  const signal = AbortSignal.any([request.signal, broken.signal]);
  const suite = `ci-${randomBytes(3).toString('hex')}`;
  const runBy = await ownMark();
  const lanes = createLanes({
    engine,
    suite,
    apart: jobs > 1,
    // A person who attaches finds a container that stands by itself.
    kept: prepared.length > jobs && request.holdSeconds === undefined,
    version: request.version,
    runBy,
  });
  const limit = pLimit(jobs);

  async function once({ run, config, python }: Prepared, name: string, image: string): Promise<Ran> {
    const lane = await lanes.take(config, image);
    let ran: Ran | undefined;
    try {
      ran = await runScenario(run, {
        engine,
        signal,
        version: request.version,
        runBy,
        term: request.term,
        keepFailed: request.holdSeconds !== undefined,
        python,
        config: { ...config, name, network: lane.network, reload: false },
        address: lane.address,
        image,
      });
      return ran;
    } finally {
      // A container that was kept is still on it.
      if (ran?.kept === undefined) lanes.giveBack(lane);
    }
  }

  /** Leaves the container of a failed run to a person: until it ends, the time is over, or the whole is broken off. */
  async function hold({ container, remove }: Kept, seconds: number): Promise<void> {
    const over = new AbortController();
    const time = sleep(seconds * 1000, undefined, { signal: AbortSignal.any([over.signal, signal]) });
    // One that is removed meanwhile is over, too.
    await Promise.race([engine.wait(container), time]).catch(() => undefined);
    over.abort();
    await remove();
  }

  /** What broke one job ends the others by that: nobody has interrupted them. */
  function throwIfBroken(): void {
    if (!request.signal.aborted) broken.signal.throwIfAborted();
  }

  async function one(all: Prepared, index: number): Promise<Done> {
    const { run } = all;
    throwIfBroken();
    const why = run.skip ?? (signal.aborted ? 'interrupted' : undefined);
    if (why !== undefined) return skipped(all, why);
    request.onStart(run);
    const image = await request.images.of(all.config).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    throwIfBroken();
    // A build takes long: whoever broke it off wants no run of it.
    if (image === undefined || signal.aborted) return skipped(all, 'interrupted');
    for (let attempts = 1; ; attempts += 1) {
      const ran = await once(all, `${all.config.name}-${suite}-${index + 1}`, image);
      if (ran.result.outcome === 'passed' || attempts > request.retries || signal.aborted) {
        const installed = await request.images.installed(image).catch(() => undefined);
        return { ...all, image, installed, attempts, ...ran };
      }
    }
  }

  try {
    const ended = await Promise.allSettled(
      prepared.map((all, index) =>
        limit(async () => {
          const done = await one(all, index);
          if (limit.pendingCount === 0) lanes.retire();
          const kept = await request.onDone(done).catch(async (error: unknown) => {
            await done.kept?.remove();
            throw error;
          });
          if (done.kept !== undefined) await hold(done.kept, request.holdSeconds ?? 0);
          return kept;
        }).catch((error: unknown) => {
          broken.abort(error);
          throw error;
        }),
      ),
    );
    return ended.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
  } finally {
    await lanes.remove();
  }
}

function skipped(all: Prepared, why: string): Done {
  const result = skippedResult(all.run, all.python, why);
  return { ...all, image: undefined, attempts: 0, result, recording: NOTHING, installed: undefined, kept: undefined };
}

/** The recording of what has not been run. */
const NOTHING: Recording = { columns: 0, rows: 0, output: [] };
