import type { Engine } from '../engine/engine.ts';
import { ExitCode } from '../errors.ts';
import type { Manifest } from '../handover/manifest.ts';
import type { PreparedAgain } from '../handover/prepare.ts';
import type { Contents } from '../handover/unpack.ts';
import { versionsOf } from '../plan/installed.ts';
import { label } from '../plan/labels.ts';
import type { Kept } from '../scenario/perform/run.ts';
import type { Images } from '../scenario/suite/images.ts';
import type { Done, Prepared } from '../scenario/suite/suite.ts';
import { onSignals } from '../session/signals.ts';
import type { Context } from './context.ts';
import { attachedDriver, isTerminal, personsTerm, sessionHint } from './terminal.ts';

/** What is run, and on what. */
interface Stage {
  readonly context: Context;
  readonly engine: Engine;
  readonly images: Images;
  readonly signal: AbortSignal;
}

/** An archive that was unpacked, and how it is to be run. */
export interface Task {
  readonly again: PreparedAgain;
  readonly contents: Contents;
  readonly manifest: Manifest;
  /** Where the evidence goes. */
  readonly output: string;
  /** A person is to stand at the prompt afterwards. */
  readonly interactive: boolean;
  readonly detachKeys: Buffer;
}

/** Runs what was unpacked, says whether the packed outcome came again, and sets the exit code. */
export async function runAgain(context: Context, task: Task): Promise<void> {
  const { again, output } = task;
  const [engine, { createImages }, { createEvidence }, { transcript }, { standingRun }] = await Promise.all([
    context.engine(),
    import('../scenario/suite/images.ts'),
    import('./ci-evidence.ts'),
    import('../report/transcript.ts'),
    import('../handover/standing.ts'),
  ]);
  // What ran on the image of a lock does so again.
  const frozen = task.manifest.frozen === true;
  const stop = new AbortController();
  const { signal } = stop;
  const request = { build: 'missing', noCache: false, pull: 'missing', progress: 'auto', frozen, signal } as const;
  const images = createImages(engine, request, context, async () => again.source);
  const ignoreSignals = onSignals(() => stop.abort());
  const stage: Stage = { context, engine, images, signal };
  try {
    const evidence = await createEvidence(output, [again.prepared], engine, context, frozen);
    let here = '';
    const [ran] = await perform(stage, again.prepared, async (done) => {
      here = transcript(done.recording, done.result.normalized);
      return { done, entry: await evidence.write(done) };
    });
    if (ran === undefined || stop.signal.aborted) return context.exit(ExitCode.interrupted);
    const { done, entry } = ran;
    await evidence.finish([entry], context.out.result);
    const came = await compare(context, task, done, here);
    if (!came) context.exit(ExitCode.failed);
    if (!task.interactive) return;
    const standing = standingRun(again.prepared.run, done.result);
    if (standing === undefined) context.out.warn('It stopped nowhere: there is no prompt to stand at');
    else await stand(stage, { ...again.prepared, run: standing }, task.detachKeys);
  } finally {
    ignoreSignals();
    await images.remove();
  }
}

async function perform<T>(
  { context, engine, images, signal }: Stage,
  prepared: Prepared,
  onDone: (done: Done) => Promise<T>,
  person = false,
): Promise<readonly T[]> {
  const [{ runSuite }, { ciProgress }] = await Promise.all([
    import('../scenario/suite/suite.ts'),
    import('./ci-progress.ts'),
  ]);
  const progress = await ciProgress(context.out, 1);
  try {
    return await runSuite({
      engine,
      prepared: [prepared],
      images,
      // With a network of its own: on the engine's default one are other people's containers.
      jobs: 2,
      retries: 0,
      // The person stays as long as `onDone` takes.
      holdSeconds: person ? 1 : undefined,
      term: person && isTerminal(context) ? personsTerm(context.env.TERM) : undefined,
      version: context.version,
      signal,
      onStart: progress.start,
      async onDone(done) {
        progress.end();
        if (!person) progress.done(done);
        return await onDone(done);
      },
    });
  } finally {
    progress.end();
  }
}

/** Says whether the packed outcome came again. */
async function compare({ out }: Context, { contents, manifest }: Task, done: Done, here: string): Promise<boolean> {
  const [{ outcomeDifference, transcriptDifference, versionDifferences }, { printed }] = await Promise.all([
    import('../handover/compare.ts'),
    import('../handover/manifest.ts'),
  ]);
  const say = (text: string): string =>
    text
      .split('\n')
      .map((line) => printed(line))
      .join('\n    ');
  const other = outcomeDifference(contents.result, done.result);
  const text = transcriptDifference(contents.transcript, here);
  if (other === undefined) {
    out.result(`reproduced: it ${manifest.outcome} in the same way`);
    if (text === undefined) return true;
    out.result(`${text.what} differs:\n  packed: ${say(text.packed)}\n  here:   ${say(text.here)}`);
    return true;
  }
  out.result(`not reproduced: ${other.what} differs:\n  packed: ${say(other.packed)}\n  here:   ${say(other.here)}`);
  const versions = done.installed === undefined ? {} : versionsOf(done.installed);
  for (const one of versionDifferences(manifest.versions, versions)) {
    out.result(`  it ran on ${say(one)}`);
  }
  return false;
}

/** Runs it once more, to where it failed or to its last stop, and gives the prompt to the person; then takes it down. */
async function stand(stage: Stage, prepared: Prepared, detachKeys: Buffer): Promise<void> {
  const { context } = stage;
  const onDone = async ({ kept }: Done): Promise<void> => {
    if (kept === undefined) {
      context.out.warn('Run again, it did not fail: there is no prompt to stand at');
      return;
    }
    try {
      await attach(stage, kept, detachKeys);
    } finally {
      await kept.remove();
    }
  };
  await perform(stage, prepared, onDone, true);
}

async function attach({ context, engine }: Stage, { container }: Kept, detachKeys: Buffer): Promise<void> {
  const { runSession } = await import('../session/session.ts');
  const info = await engine.inspect(container);
  await runSession({
    engine,
    container,
    nonce: info?.labels[label.nonce] ?? '',
    driver: attachedDriver(context, {
      project: 'reproduced',
      detach: detachKeys,
      notify: false,
      lines: true,
      onReady: (say) =>
        say(`Standing where it stopped ${sessionHint(undefined, detachKeys).replace('leaves it running', 'ends it')}`),
    }),
    begin: () => engine.signal(container, 'SIGUSR2'),
    redraw: true,
    order: undefined,
    startLimit: 0,
  });
}
