import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Flags } from '../config/flags.ts';
import { parseRequestPath } from '../config/parsers.ts';
import { ExitCode } from '../errors.ts';
import type { ImageRequest } from '../project/image.ts';
import { onSignals } from '../session/signals.ts';
import { collect, seconds } from './arguments.ts';
import type { Context } from './context.ts';
import { resolveJoined } from './joined.ts';

interface CheckOptions extends Flags {
  readonly limit: number;
  readonly format: 'text' | 'json';
  readonly frozen?: boolean;
  readonly pull: ImageRequest['pull'];
}

/** Declares `check`. */
export function declareCheck(program: Command, context: () => Context): void {
  program
    .command('check')
    .description('run the application in several ways, and report what would not work on other servers')
    .argument('[path...]', 'what to request of it (default: check.paths of wsgi-dev.yaml, else /)', urlPath)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--limit <seconds>', 'how long the import, and each request, may take', seconds, 20)
    .option('--app <target>', 'module:callable, module:factory() or a script file')
    .option('--python <x.y>', 'the Python to run it with')
    .option('--image <ref>', 'build on this image (Debian or Ubuntu) and its Python')
    .option('--service <name>', 'among the services of the compose file, with all that this one has')
    .option('--devcontainer', "take devcontainer.json's image, environment and mounts")
    .option('--no-devcontainer', 'leave it out (default: taken where the devcontainer CLI is there)')
    .option('--user <uid[:gid]>', 'run as this user (default: the owner of the project directory)')
    .option('-e, --env <key=val>', 'set an environment variable of the application', collect)
    .option('--env-file <file>', 'read environment variables from a file', collect)
    .option('--frozen', 'the image of wsgi-dev.lock, and refuse whatever differs from it')
    .addOption(
      new Option('--pull <when>', 'pull the base image').choices(['always', 'missing', 'never']).default('missing'),
    )
    .addHelpText(
      'after',
      '\nExit code 0: no problems, 1: some.\n\nExample:\n  $ wsgi-dev check / "/cart?item=7" /login',
    )
    .action((paths: readonly string[] | undefined, options: CheckOptions) => runCheck(context(), paths ?? [], options));
}

async function runCheck(context: Context, paths: readonly string[], options: CheckOptions): Promise<void> {
  const { out } = context;
  const { config, neighbours } = await resolveJoined(context, options, {
    build: 'missing',
    pull: options.pull,
    mounts: true,
    frozen: options.frozen === true,
  });
  const [engine, { ensureImage }, { check }, { checkSummary, checkText, problems }] = await Promise.all([
    context.engine(),
    import('../project/image.ts'),
    import('../project/check.ts'),
    import('../report/check.ts'),
  ]);
  const { frozen = false, pull, limit } = options;
  const request = { build: 'missing', noCache: false, progress: 'auto', frozen, pull } as const;
  const image = await ensureImage(engine, config, request, context);
  await neighbours?.ready(undefined);
  const wanted = paths.length > 0 ? paths : config.check.paths;
  const requests = wanted.map((path) => `GET ${path}`).join(', ');
  const stop = new AbortController();
  const ignoreSignals = onSignals(() => stop.abort());
  out.info(`Checking ${config.name} with ${requests}: by itself, under CGI and under mod_wsgi`);
  try {
    const { signal } = stop;
    const report = await check({ engine, config, image, surroundings: context, paths: wanted, limit, signal });
    if (report === undefined) {
      context.exit(ExitCode.interrupted);
      return;
    }
    if (options.format === 'json') out.result(JSON.stringify(report));
    else {
      if (report.findings.length > 0) out.result(`${checkText(report, out.resultColors)}\n`);
      out.result(checkSummary(report));
    }
    if (problems(report) > 0) context.exit(ExitCode.failed);
  } finally {
    ignoreSignals();
  }
}

/** commander hands over one argument at a time. */
function urlPath(text: string, before: readonly string[] = []): readonly string[] {
  const path = parseRequestPath(text);
  if ('fault' in path) throw new InvalidArgumentError(`${path.fault}.`);
  return before.includes(path.value) ? before : [...before, path.value];
}
