import type { Config } from '../../config/config.ts';
import type { Engine } from '../../engine/engine.ts';
import { SCRIPTED_SIZE } from '../../session/scripted.ts';
import type { Recording, ScenarioResult } from '../result/result.ts';
import { resultOf } from '../result/results.ts';
import type { Run } from '../scenario.ts';
import { type Address, createClient } from './client.ts';
import { type Application, startApplication } from './container.ts';
import { type Performance, perform } from './perform.ts';
import { createStage, type Stage } from './stage.ts';

/** On what a scenario runs. */
export interface RunRequest {
  readonly engine: Engine;
  /** Resolved with the scenario's own keys; the name is that of this run's container. */
  readonly config: Config;
  /** The image with the source in it. */
  readonly image: string;
  readonly version: string;
  /** The mark of this process, for labels. */
  readonly runBy: string;
  /** Where the port is that it shares; undefined: it has its own. */
  readonly address: Address | undefined;
  /** The terminal of a person who is to stand at the prompt; undefined: nobody is. */
  readonly term?: string | undefined;
  /** The version that --python asked for. */
  readonly python: string | undefined;
  /** Leave the container of a failed run as it is, and of one that stays. */
  readonly keepFailed: boolean;
  /** Aborted: it ends where it is. */
  readonly signal: AbortSignal;
}

/** The application of a failed run, as it stood: whoever has it removes it. */
export interface Kept {
  readonly container: string;
  /** The project name by which commands find it. */
  readonly name: string;
  remove(): Promise<void>;
}

/** All that a run leaves. */
export interface Ran {
  readonly result: ScenarioResult;
  readonly recording: Recording;
  /** The container, where it was kept. */
  readonly kept: Kept | undefined;
}

/** Seconds for the application to be ready. */
const START_LIMIT = 60;

/** Runs one scenario in a container of its own. Rejects with Faults of the engine; all else is in the result. */
export async function runScenario(run: Run, request: RunRequest): Promise<Ran> {
  const started = new Date();
  const begun = performance.now();
  const decoder = new TextDecoder();
  const output: { at: number; text: string }[] = [];
  const stage = createStage((chunk) => {
    output.push({ at: (performance.now() - begun) / 1000, text: decoder.decode(chunk, { stream: true }) });
  });
  const interrupted = (): void => stage.ended('interrupted');
  request.signal.addEventListener('abort', interrupted);
  const startLimit = Math.min(START_LIMIT, run.timeoutMs / 1000);
  const application = await startApplication({ ...request, stage, startLimit });
  let kept: Kept | undefined;
  try {
    const performed = await visit(run, application, stage, request.config.root);
    const totalMs = Math.round(performance.now() - begun);
    const keeps = request.keepFailed && (performed.failure !== undefined || run.stays === true);
    // The last lines of Apache's logs come after the response.
    if (!keeps) await application.stop();
    const result = resultOf(run, stage, performed, { started: started.toISOString(), totalMs }, request.python);
    if (keeps) {
      kept = { container: application.container, name: request.config.name, remove: application.remove };
    }
    return { result, recording: { ...SCRIPTED_SIZE, output, stops: promptsOf(stage, begun) }, kept };
  } finally {
    request.signal.removeEventListener('abort', interrupted);
    await application.leave();
    if (kept === undefined) await application.remove();
  }
}

/** When each stop's first prompt came, in seconds since `begun`. */
function promptsOf({ prompts }: Stage, begun: number): Recording['stops'] {
  return prompts.map(({ number, at }) => ({ number, at: (at - begun) / 1000 }));
}

async function visit(run: Run, application: Application, stage: Stage, root: string): Promise<Performance> {
  const client = createClient(application.way);
  try {
    return await perform({ run, application, client, stage, root });
  } finally {
    client.close();
  }
}
