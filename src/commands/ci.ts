import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parsePython } from '../config/parsers.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Outline } from '../scenario/result/outline.ts';
import { onSignals } from '../session/signals.ts';
import { seconds, wholeNumber } from './arguments.ts';
import { declareCiInit } from './ci-init.ts';
import { declareCiPack } from './ci-pack.ts';
import { prepare, type Wanted } from './ci-prepare.ts';
import { createServices } from './ci-services.ts';
import type { Context } from './context.ts';

interface CiOptions extends Wanted {
  readonly jobs: number;
  readonly retry: number;
  readonly output: string;
  readonly onFailure: 'remove' | 'attach';
  /** Seconds. */
  readonly attachLimit: number;
  readonly schema?: boolean;
}

/** Declares `ci`. */
export function declareCi(program: Command, context: () => Context): void {
  const command = program
    .command('ci')
    .description('run scenarios: debugging sessions as files')
    .argument('[file|directory...]', 'scenarios; of a directory every *.scenario.yaml')
    .option('--jobs <n>', 'so many at the same time', atLeastOne, 1)
    .option('--filter <words>', 'only those whose name holds the words, or /a pattern/, or tag:WORD')
    .option('--retry <n>', 'run a failed one again, so often', wholeNumber('tries'), 0)
    .option('--python <x.y,…>', 'each on these Pythons', pythons)
    .option('--frozen', 'on the image of wsgi-dev.lock, and refuse whatever differs from it')
    .option('--service <name>', 'among the services of the compose file, with what this one has')
    .option('--no-service', 'alone, whatever wsgi-dev.yaml says (default: as that says)')
    .option('--devcontainer', "take devcontainer.json's image and environment")
    .option('--no-devcontainer', 'leave it out (default: taken where the devcontainer CLI is there)')
    .option('--output <directory>', 'where the evidence goes', '.wsgi-dev/report')
    .addOption(
      new Option('--on-failure <what>', 'with attach, a failed one is left as it stands, for `wsgi-dev attach`')
        .choices(['remove', 'attach'])
        .default('remove'),
    )
    .option('--attach-limit <seconds>', 'how long it is left', seconds, 600)
    .option('--schema', 'print the JSON Schema of scenario files, for an editor, and run nothing')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev ci scenarios/ --jobs 2 --output report')
    .action((paths: readonly string[], options: CiOptions) => ci(context(), paths, options));
  declareCiInit(command, context);
  declareCiPack(command, context);
}

async function ci(context: Context, paths: readonly string[], options: CiOptions): Promise<void> {
  if (options.schema) return context.out.result(scenarioSchemaText(context.packageRoot));
  if (paths.length === 0) {
    throw new Fault('Which scenarios? Name files or directories', {
      code: ExitCode.usage,
      hint: 'For all below this directory: wsgi-dev ci .',
    });
  }
  const say = saidOnce(context.out.info);
  const services = createServices(context, say);
  const prepared = await prepare(context, paths, options, services, say);
  const [engine, { createImages }, { runSuite }, { createEvidence }, { createTraces }, { ciProgress }] =
    await Promise.all([
      context.engine(),
      import('../scenario/suite/images.ts'),
      import('../scenario/suite/suite.ts'),
      import('./ci-evidence.ts'),
      import('../handover/trace.ts'),
      import('./ci-progress.ts'),
    ]);
  const stop = new AbortController();
  const request = {
    build: 'missing',
    noCache: false,
    pull: 'missing',
    progress: 'auto',
    frozen: options.frozen === true,
    signal: stop.signal,
  } as const;
  const output = resolve(context.cwd, options.output);
  const traces = createTraces(output, context, request.frozen);
  const images = createImages(engine, request, context, traces.read);
  const evidence = await createEvidence(output, prepared, engine, context, request.frozen, traces);
  const progress = await ciProgress(context.out, prepared.length);
  let ignoreSignals = (): void => undefined;
  try {
    await services.ready();
    ignoreSignals = onSignals(() => stop.abort());
    const entries = await runSuite({
      engine,
      prepared,
      images,
      jobs: options.jobs,
      retries: options.retry,
      holdSeconds: options.onFailure === 'attach' ? options.attachLimit : undefined,
      version: context.version,
      signal: stop.signal,
      onStart: progress.start,
      async onDone(one) {
        progress.done(one);
        return await evidence.write(one);
      },
    });
    progress.end();
    await evidence.finish(entries, context.out.result);
    const results = entries.map(({ result }) => result);
    progress.summary(results);
    context.exit(stop.signal.aborted ? ExitCode.interrupted : exitCode(results));
  } finally {
    progress.end();
    await images.tidy();
    await services.undo();
    ignoreSignals();
  }
}

/** `say`, of the same line once. */
function saidOnce(say: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (!said.has(line)) say(line);
    said.add(line);
  };
}

function scenarioSchemaText(packageRoot: string): string {
  return readFileSync(join(packageRoot, 'schemas/scenario.schema.json'), 'utf8').trimEnd();
}

/** 124 where nothing but time limits failed. */
function exitCode(results: readonly Outline[]): number {
  const failures = results.flatMap(({ failure }) => failure ?? []);
  if (failures.length === 0) return ExitCode.ok;
  return failures.every(({ kind }) => kind === 'time') ? ExitCode.timeout : ExitCode.failed;
}

function atLeastOne(text: string): number {
  const value = wholeNumber('jobs')(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It takes one job at least.');
}

function pythons(text: string): readonly string[] {
  return text.split(',').map((one) => {
    const python = parsePython(one.trim());
    if ('value' in python) return python.value;
    throw new InvalidArgumentError(`${python.fault}.`);
  });
}
