import { pick } from '../compare/expect.ts';
import { fill } from '../fill.ts';
import type { StopResult } from '../result/result.ts';
import type { Run, Save } from '../scenario.ts';
import type { Client } from './client.ts';
import type { Application } from './container.ts';
import { createFlight, type Flight, type Sent } from './flight.ts';
import { type Stage, StepFailure } from './stage.ts';
import { unfit } from './unfit.ts';

/** On what a run of a scenario takes place. */
export interface Scene {
  readonly run: Run;
  readonly application: Application;
  readonly client: Client;
  readonly stage: Stage;
  /** The project's root, absolute: its source is that of the image. */
  readonly root: string;
}

/** What the steps of one run share. */
export interface Play extends Scene {
  readonly flight: Flight;
  /** Every stop that a step took, in order. */
  readonly stops: StopResult[];
  /** Whether a step that is still to come takes a stop. */
  stopsFollow: boolean;
  /** Seconds that are left for something that may take `most` milliseconds (default: the limit of a step). */
  limit(most?: number): number;
  /** A step with its variables filled in; rejects what is of no use then. */
  completed<T extends Parameters<typeof unfit>[0]>(written: T): T;
  keep(saves: readonly Save[], from: Parameters<typeof pick>[1]): void;
  /** Fails at a stop that no step expects. One of another request than the `awaited` may be a later step's. */
  refuseStops(awaited?: Sent): void;
  untilReady(): Promise<void>;
}

/** The beginning of a run: its time runs from here. */
export function createPlay(scene: Scene): Play {
  const { run, stage } = scene;
  const flight = createFlight(stage);
  const variables: Record<string, unknown> = { ...run.vars };
  const deadline = performance.now() + run.timeoutMs;
  const play: Play = {
    ...scene,
    flight,
    stops: [],
    stopsFollow: true,
    limit(most = run.stepTimeoutMs) {
      const left = deadline - performance.now();
      if (left <= 0) throw new StepFailure('time', `the scenario took longer than ${run.timeoutMs / 1000} s`);
      return Math.min(most, left) / 1000;
    },
    completed(written) {
      const result = fill(written, variables);
      const fault = unfit(result);
      if (fault === undefined) return result;
      const kind = 'kind' in result && result.kind === 'request' ? 'request' : 'command';
      throw new StepFailure(kind, fault, stage.standing);
    },
    keep(saves, from) {
      for (const save of saves) {
        const picked = pick(save, from);
        if ('fault' in picked) throw new StepFailure('expectation', picked.fault, stage.standing);
        variables[save.name] = picked.value;
      }
    },
    refuseStops(awaited) {
      const [stop] = stage.waiting;
      if (stop === undefined) return;
      const begun = awaited !== undefined && flight.hasBegun(awaited);
      if (begun && flight.byRunner(stop.request) !== awaited && play.stopsFollow) return;
      const { file, line, reason, function: name } = stop;
      const advice = reason === 'step' ? ': the last command stepped there; `continue` behind it goes on' : '';
      throw new StepFailure(
        'stop',
        `stopped at ${file}:${line} in ${name} (${reason}), where no step expects it${advice}`,
        stop,
      );
    },
    async untilReady() {
      const look = (): true | undefined => {
        if (!stage.ready || !play.stopsFollow) play.refuseStops();
        return stage.ready || undefined;
      };
      // The start has a limit of its own.
      await stage.until(look, play.limit(run.timeoutMs), 'waiting until the application is ready');
    },
  };
  return play;
}
