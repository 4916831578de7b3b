import { type Command, Option } from 'commander';
import type { Config } from '../config/config.ts';
import type { ContainerInfo, Engine } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';
import { withoutPasswords } from '../passwords.ts';
import { readAdopted } from '../project/adopted.ts';
import { findContainer } from '../project/container.ts';
import type { ImageRequest } from '../project/image.ts';
import { launchHint } from '../project/launch.ts';
import type { Neighbours } from '../project/neighbours.ts';
import type { Started } from '../project/start.ts';
import type { Driver, Ending } from '../session/session.ts';
import { adoptedLines, otherUrls } from './adopted.ts';
import { collect, seconds } from './arguments.ts';
import { collector } from './collector.ts';
import type { Context } from './context.ts';
import { afterSession, putBack } from './ending.ts';
import { pullOption } from './image-options.ts';
import { resolveJoined } from './joined.ts';
import { checkRecord, collectMask, openRecording, type RecordOptions } from './recording.ts';
import { tellReports } from './reports.ts';
import { attachedDriver, checkTerminal, detachKeysOption, isTerminal, personsTerm, sessionHint } from './terminal.ts';

/** So long may the commands of a devcontainer take that run before a start. */
const COMMANDS_SECONDS = 900;

interface UpOptions extends RecordOptions {
  /** --build: true, --no-build: false. */
  readonly build?: boolean;
  readonly forceRecreate?: boolean;
  readonly pull: ImageRequest['pull'];
  readonly frozen?: boolean;
  readonly waitTimeout: number;
  readonly dryRun?: boolean;
  readonly detachKeys: Buffer;
  readonly format: 'table' | 'json';
}

/** Declares `up`. */
export function declareUp(program: Command, context: () => Context): void {
  applicationOptions(
    program
      .command('up')
      .description('run the application under Apache; with --debug, one process on your terminal')
      .option('--debug', 'single process, terminal attached: breakpoint() stops at a (Pdb) prompt')
      .addOption(new Option('--debug-mode').hideHelp().implies({ debug: true }))
      .addOption(new Option('--enable-debugger').hideHelp().implies({ debug: true }))
      .option('-d, --detach', 'run in the background'),
  )
    .optionsGroup('The image, and this start:')
    .option('--build', 'build the image even if it is there')
    .option('--no-build', 'never build: fail when the image is missing')
    .option('--frozen', 'the image of wsgi-dev.lock, and refuse whatever differs from it')
    .option('--force-recreate', 'a new container even if nothing changed')
    .addOption(pullOption())
    .option('--wait-timeout <seconds>', 'how long the application may take to start', seconds, 60)
    .option('--record <file>', 'with --debug: write the session down as a scenario for `wsgi-dev ci`')
    .option(
      '--mask <regex>',
      'with --record: mask what it matches, besides passwords and the like; repeatable',
      collectMask,
    )
    .option('--dry-run', 'print what would be done, and do nothing')
    .addOption(detachKeysOption())
    .addOption(new Option('--format <format>', 'what -d prints').choices(['table', 'json']).default('table'))
    .addHelpText(
      'after',
      '\nExample:\n  $ wsgi-dev up --debug\n  $ wsgi-dev up -d --port 8080 --app shop.wsgi:application',
    )
    .action((options: UpOptions) => runUp(context(), options));
}

/** The options that decide what the application is and where it is published. */
export function applicationOptions(command: Command): Command {
  return command
    .optionsGroup('The application:')
    .option('--app <target>', 'module:callable, module:factory() or a script file')
    .option('--apache-config <path>', "run this configuration of Apache's: a site's file, or a whole directory")
    .option('-p, --port <[host:]port>', 'publish here; 0 picks a free port (default 8000, or the next free one)')
    .option('--user <uid[:gid]>', 'run as this user (default: the owner of the project directory)')
    .option('--network <name>', 'host, or a network of the engine')
    .option('-e, --env <key=val>', 'set an environment variable of the application', collect)
    .option('--env-file <file>', 'read environment variables from a file', collect)
    .option('--reload', 'load the application anew after an edit (default)')
    .option('--no-reload', 'leave the running application alone after an edit')
    .optionsGroup('What it runs on:')
    .option('--python <x.y>', 'the Python to run it with')
    .option('--image <ref>', 'build on this image (Debian or Ubuntu) and its Python')
    .option('--service <name>', 'run in the place of this service of the compose file (needs docker compose)')
    .option('--devcontainer', "take devcontainer.json's image, environment, mounts, port and commands")
    .option('--no-devcontainer', 'leave it out (default: taken where the devcontainer CLI is there)')
    .optionsGroup('Debugging:')
    .option('--break <place>', 'stop at FILE:LINE or MODULE:FUNCTION[ if EXPR]; repeatable', collect)
    .option('--break-at-start', 'stop before the first line of the application, each time it is loaded')
    .addOption(new Option('--debugger-startup').hideHelp().implies({ breakAtStart: true }))
    .option('--no-break-at-start', 'let the application load (default)')
    .option('--post-mortem', 'stop where an exception was raised (default on a terminal)')
    .option('--no-post-mortem', 'let exceptions go their way')
    .option('--compare', 'try what fails under your Apache configuration in several processes, too (default)')
    .option('--no-compare', 'leave that: a GET that fails reaches the application once')
    .option('--debugger <name>', 'what a stop opens: pdb (default), ipdb, pudb or debugpy')
    .option('--debugger-port <[host:]port>', 'where an editor finds debugpy (default 5678, or the next free one)')
    .option('--notify', 'a desktop notice when a stop waits')
    .option('--no-notify', 'none (default)')
    .option('--allow-remote-debug', 'let --debug be published beyond this machine')
    .optionsGroup('Measuring:')
    .option('--enable-coverage', 'measure which lines of the project run; with --debug, the report comes at the end')
    .option('--coverage-directory <dir>', 'where the report goes (default .wsgi-dev/coverage)')
    .option('--enable-profiler', 'measure how long functions take; with --debug, per process')
    .option('--profiler-directory <dir>', 'where the profiles go (default .wsgi-dev/profile)')
    .option('--enable-recorder', 'leave each request and its response on disk; with --debug')
    .option('--recorder-directory <dir>', 'where they go (default .wsgi-dev/recorder)');
}

async function runUp(context: Context, options: UpOptions): Promise<void> {
  try {
    await bringUp(context, options);
  } catch (error) {
    if (options.format === 'json' && options.detach && error instanceof Fault) {
      const { code, message, hint } = error;
      const outcome = JSON.stringify({ outcome: 'error', code, message, ...(hint && { hint }) });
      context.out.result(withoutPasswords(outcome));
    }
    throw error;
  }
}

async function bringUp(context: Context, options: UpOptions): Promise<void> {
  const { out } = context;
  checkRecord(options);
  const wish = {
    build: options.dryRun ? ('never' as const) : buildWhen(options.build),
    pull: options.pull,
    frozen: options.frozen === true,
    mounts: options.dryRun !== true,
  };
  const { config, neighbours } = await resolveJoined(context, options, wish, options.waitTimeout);
  if (config.mode === 'debug' && !options.detach && !options.dryRun) checkTerminal(context, config.debug.debugger);
  const engine = await context.engine();
  if (options.dryRun) {
    const { describePlan } = await import('./dry-run.ts');
    out.result(await describePlan(engine, config, options, context));
    return;
  }
  const { start } = await import('../project/start.ts');
  const printed = collector(out.info);
  const person = !options.detach && isTerminal(context);
  const recording = options.record === undefined ? undefined : await openRecording(context, config, options, person);
  const { started, session } = await start({
    engine,
    config,
    surroundings: context,
    neighbours,
    removed: (container) => leftPlace(context, engine, config, container),
    image: {
      build: buildWhen(options.build),
      noCache: false,
      pull: options.pull,
      progress: 'auto',
      frozen: options.frozen === true,
    },
    forceRecreate: options.forceRecreate === true,
    // A devcontainer's commands install and download.
    startLimit: options.waitTimeout + (config.before?.length ? COMMANDS_SECONDS : 0),
    terminal: {
      person,
      // With -d for the terminal that will attach: most likely this one. What is written down is plain.
      colors: isTerminal(context) && out.colorsShow && recording === undefined,
    },
    record: recording !== undefined,
    attach: !options.detach,
    // -d from a script: a person's terminal comes with `attach`.
    term: options.detach || context.stdin.isTTY ? personsTerm(context.env.TERM) : 'dumb',
    driver(now) {
      if (options.detach) return printed.driver();
      const driver = attached(context, config, options, now);
      return recording?.watch(driver) ?? driver;
    },
  })
    .catch(async (error: unknown) => {
      printed.show(out);
      await undoUnlessUp(context, engine, config, neighbours);
      throw error;
    })
    .finally(() => recording?.finish());
  if (options.detach && session.ending !== 'ready') printed.show(out);
  await afterSession(context, engine, started.container, session, 'take-down');
  if (!['closed', 'detached', 'ready'].includes(session.ending)) await tellReports(out, config.directory);
  // Detached with -d: it stands at a breakpoint while it loads.
  if (!options.detach || session.ending === 'detached') return;
  if (session.ending !== 'ready') throw notReady(config.name, session.ending);
  announce(context, config, options, started);
}

/** A container that stood in another place of a compose project, or that goes for one in none, leaves that as it was. */
async function leftPlace(context: Context, engine: Engine, config: Config, container: ContainerInfo): Promise<void> {
  const { inPlaceOf } = await import('../integrate/compose/labels.ts');
  if (!inPlaceOf(container.labels, config.joined)) await putBack(context, engine, container);
}

/** A start that failed leaves a compose project as it was; but what stays up keeps its place in it. */
async function undoUnlessUp(
  context: Context,
  engine: Engine,
  config: Config,
  neighbours: Neighbours | undefined,
): Promise<void> {
  if (neighbours === undefined || (await findContainer(engine, config)) !== undefined) return;
  await neighbours.undo().catch((failed: Error) => context.out.warn(`Left as it is: ${failed.message}`));
}

/** `up -d` was ended before the server was ready: by a signal, or by another command that took it down. */
function notReady(project: string, ending: Ending): Fault {
  return ending === 'interrupted'
    ? new Fault(`Interrupted before ${project} was ready; it was taken down`, { code: ExitCode.interrupted })
    : new Fault(`${project} was taken down before it was ready`, { hint: 'Run the same command again.' });
}

function attached(context: Context, config: Config, options: UpOptions, { url, changed, editor }: Started): Driver {
  return attachedDriver(context, {
    project: config.name,
    detach: options.detachKeys,
    notify: config.debug.notify,
    lines: config.mode === 'debug' && !isEditor(config),
    onReady(say) {
      const stops = config.mode === 'debug' ? 'Ctrl-C twice stops it' : 'Ctrl-C stops it';
      const word = changed.length === 0 ? 'Running' : 'Ready';
      const urls = readAdopted(config)?.urls ?? [url];
      say(`${word}: ${context.out.colors.bold(urls[0] ?? url)} ${sessionHint(config.mode, options.detachKeys, stops)}`);
      otherUrls(urls).forEach(say);
      editorHint(config, editor).forEach(say);
      if (config.mode === 'debug' && isEditor(config) && !isTerminal(context)) {
        say('stdin is not read: the editor debugs');
      }
    },
  });
}

/** With debugpy: where it is, and what to do in an editor. */
function editorHint(config: Config, editor: string): readonly string[] {
  if (config.mode !== 'debug' || !isEditor(config)) return [];
  return [`debugpy waits for an editor on ${editor}`, ...launchHint(config, Number(/\d+$/.exec(editor)?.[0]))];
}

function isEditor({ debug }: Config): boolean {
  return debug.debugger === 'debugpy';
}

function announce({ out }: Context, config: Config, { format }: UpOptions, started: Started): void {
  const adopted = readAdopted(config);
  if (format === 'table') {
    out.info(
      `${started.changed.length === 0 ? 'Running' : 'Ready'} in the background (${config.mode}); \`wsgi-dev attach\` comes back`,
    );
    editorHint(config, started.editor).forEach(out.info);
    adoptedLines(config, adopted).forEach(out.info);
    out.result(adopted?.urls[0] ?? started.url);
    return;
  }
  const { container, image, changed, editor } = started;
  const url = adopted?.urls[0] ?? started.url;
  editorHint(config, editor).forEach(out.info);
  out.result(
    JSON.stringify({
      ...{ outcome: 'success', project: config.name, container, url, mode: config.mode, image, changed },
      ...(editor !== '' && config.mode === 'debug' && { editor }),
      ...(adopted !== undefined && { apache: { changed: adopted.changed, notes: adopted.notes, urls: adopted.urls } }),
    }),
  );
}

function buildWhen(build: boolean | undefined): ImageRequest['build'] {
  return build === undefined ? 'missing' : build ? 'always' : 'never';
}
