import { readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { shown } from '../config/text.ts';
import type { Engine } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Manifest } from '../handover/manifest.ts';
import type { PreparedAgain } from '../handover/prepare.ts';
import type { Contents } from '../handover/unpack.ts';
import { label } from '../plan/labels.ts';
import type { Images } from '../scenario/images.ts';
import type { Kept } from '../scenario/run.ts';
import type { Done, Prepared } from '../scenario/suite.ts';
import { onSignals } from '../session/signals.ts';
import { collect } from './arguments.ts';
import type { Context } from './context.ts';
import { attachedDriver, detachKeysOption, isTerminal, personsTerm, sessionHint } from './terminal.ts';

interface ReproduceOptions {
  readonly interactive?: boolean;
  readonly output?: string;
  readonly directory?: string;
  readonly env?: readonly string[];
  readonly detachKeys: Buffer;
}

/** Declares `reproduce`. */
export function declareReproduce(program: Command, context: () => Context): void {
  program
    .command('reproduce')
    .description('run what `wsgi-dev ci pack` has packed, and compare')
    .argument('<archive>', 'it brings code of its own, which runs in a container here: of whom you trust')
    .option('-i, --interactive', 'then stand where it failed, or at its last stop, on this terminal')
    .option('--directory <directory>', 'a new one, for its files (default: named after the archive, here)')
    .option('--output <directory>', 'where the evidence goes (default: .wsgi-dev/report in that directory)')
    .option('-e, --env <key[=val]>', 'a variable that its configuration may read; of yours it sees no other', collect)
    .addOption(detachKeysOption())
    .addHelpText('after', '\nExample:\n  $ wsgi-dev reproduce two-items-add-up.tar.gz --interactive')
    .action((archive: string, options: ReproduceOptions) => reproduce(context(), archive, options));
}

/** What is run, and on what. */
interface Stage {
  readonly context: Context;
  readonly engine: Engine;
  readonly images: Images;
  readonly signal: AbortSignal;
}

async function reproduce(context: Context, path: string, options: ReproduceOptions): Promise<void> {
  const { cwd, out } = context;
  const file = resolve(cwd, path);
  const [{ readArchive, LIMITS }, { contentsOf, unpack }, { prepareAgain }] = await Promise.all([
    import('../handover/archive.ts'),
    import('../handover/unpack.ts'),
    import('../handover/prepare.ts'),
  ]);
  const archive = await readArchive(bytesOf(file, path, LIMITS.packed), path);
  const contents = contentsOf(archive, path);
  const target = resolve(cwd, options.directory ?? (basename(file).replace(/\.(tar\.gz|tgz)$/, '') || 'reproduced'));
  const directory = unpack(archive, contents, target);
  let again: PreparedAgain;
  try {
    const settings = { given: givenOf(options.env ?? [], context.env), cwd, projectName: context.flags.projectName };
    again = await prepareAgain(archive.manifest, contents, directory, settings);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  again.notices.forEach(out.info);
  await warn(context, path, archive.manifest, shown(directory, cwd));
  const output = options.output === undefined ? join(directory, '.wsgi-dev/report') : resolve(cwd, options.output);
  await run(context, { again, contents, manifest: archive.manifest, output, options });
}

function bytesOf(file: string, path: string, most: number): Buffer {
  const wrong = (why: string): Fault => new Fault(`${path}: ${why}`, { code: ExitCode.usage });
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw wrong('there is no such file');
  if (!stat.isFile()) throw wrong('is no archive: it is not a file');
  if (stat.size > most) throw wrong('is too large for an archive of `wsgi-dev ci pack`');
  try {
    return readFileSync(file);
  } catch (error) {
    throw wrong(`can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function givenOf(entries: readonly string[], env: Context['env']): Readonly<Record<string, string>> {
  const pairs = entries.map((entry): readonly [string, string | undefined] => {
    const at = entry.indexOf('=');
    return at === -1 ? [entry, env[entry]] : [entry.slice(0, at), entry.slice(at + 1)];
  });
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Whose code it is that is about to run, in a line; and what is not with it. */
async function warn({ out }: Context, path: string, manifest: Manifest, directory: string): Promise<void> {
  const { printed } = await import('../handover/manifest.ts');
  const { project, revision, wsgiDev, leftOut } = manifest;
  const origin = [project, ...(revision === undefined ? [] : [`at ${revision.description}`])].join(' ');
  out.warn(
    `${path} is code from elsewhere (${printed(`${origin}, packed by wsgi-dev ${wsgiDev}`)}): it is in ${directory} ` +
      'and runs in a container, unprivileged, which may reach the network',
  );
  if (leftOut.length > 0) out.warn(`Not in it, as they may hold secrets: ${printed(leftOut.join(', '), 2000)}`);
}

interface Task {
  readonly again: PreparedAgain;
  readonly contents: Contents;
  readonly manifest: Manifest;
  readonly output: string;
  readonly options: ReproduceOptions;
}

async function run(context: Context, task: Task): Promise<void> {
  const { again, output, options } = task;
  const [engine, { createImages }, { createEvidence }, { transcript }, { standingRun }] = await Promise.all([
    context.engine(),
    import('../scenario/images.ts'),
    import('../report/evidence.ts'),
    import('../report/transcript.ts'),
    import('../handover/standing.ts'),
  ]);
  // An archive with a wsgi-dev.lock is to be built from that, and from nothing else.
  const request = { build: 'missing', noCache: false, pull: 'missing', progress: 'auto' } as const;
  const images = createImages(engine, request, context, async () => again.source);
  const stop = new AbortController();
  const ignoreSignals = onSignals(() => stop.abort());
  const stage: Stage = { context, engine, images, signal: stop.signal };
  try {
    const evidence = await createEvidence(output, [again.prepared], engine, context);
    let here = '';
    const [done] = await perform(stage, again.prepared, async (one) => {
      here = transcript(one.recording, one.result.normalized);
      await evidence.write(one);
    });
    if (done === undefined || stop.signal.aborted) return context.exit(ExitCode.interrupted);
    await evidence.finish([done], context.out.result);
    const came = await compare(context, task, done, here);
    if (!came) context.exit(ExitCode.failed);
    if (options.interactive !== true) return;
    const standing = standingRun(again.prepared.run, done.result);
    if (standing === undefined) context.out.warn('It stopped nowhere: there is no prompt to stand at');
    else await stand(stage, { ...again.prepared, run: standing }, options.detachKeys);
  } finally {
    ignoreSignals();
    await images.remove();
  }
}

async function perform(
  { context, engine, images, signal }: Stage,
  prepared: Prepared,
  onDone: (done: Done) => Promise<void>,
  person = false,
): Promise<readonly Done[]> {
  const [{ runSuite }, { ciProgress }] = await Promise.all([
    import('../scenario/suite.ts'),
    import('./ci-progress.ts'),
  ]);
  const progress = await ciProgress(context.out, 1);
  try {
    return await runSuite({
      engine,
      prepared: [prepared],
      images,
      jobs: 1,
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
        await onDone(done);
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
  for (const one of versionDifferences(manifest.versions, done.contents?.versions ?? {})) {
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
    driver: attachedDriver(
      context,
      detachKeys,
      (say) =>
        say(`Standing where it stopped ${sessionHint(undefined, detachKeys).replace('leaves it running', 'ends it')}`),
      true,
    ),
    begin: () => engine.signal(container, 'SIGUSR2'),
    redraw: true,
    order: undefined,
    startLimit: 0,
  });
}
