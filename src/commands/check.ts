import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Flags } from '../config/flags.ts';
import { parseRequest, parseRequestText } from '../config/requests.ts';
import { ExitCode, Fault } from '../errors.ts';
import { type CheckRequest, namedRequests, type Sent, sentOf } from '../plan/check.ts';
import type { ImageRequest } from '../project/image.ts';
import { onSignals } from '../session/signals.ts';
import { collect, seconds } from './arguments.ts';
import type { Context } from './context.ts';
import { pullOption } from './image-options.ts';
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
    .argument(
      '[request...]',
      "a path, METHOD PATH BODY, or a scenario file (default: check.paths of wsgi-dev.yaml, else '/')",
      requestText,
    )
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
    .addOption(pullOption())
    .addHelpText(
      'after',
      '\nExit code 0: no problems, 1: some.\n\nExample:\n  $ wsgi-dev check / "/cart?item=7" "POST /cart item=7"',
    )
    .action((paths: readonly string[] | undefined, options: CheckOptions) => runCheck(context(), paths ?? [], options));
}

async function runCheck(context: Context, texts: readonly string[], options: CheckOptions): Promise<void> {
  const { out } = context;
  const { config, neighbours } = await resolveJoined(
    context,
    { ...options, appFirst: true },
    { build: 'missing', pull: options.pull, mounts: true, frozen: options.frozen === true, visiting: true },
  );
  const [
    engine,
    { ensureImage },
    { check },
    { checkNeeds, checkSummary, checkText, passText, problems },
    { buildProgress },
  ] = await Promise.all([
    context.engine(),
    import('../project/image.ts'),
    import('../project/check.ts'),
    import('../report/check.ts'),
    import('../project/progress.ts'),
  ]);
  const { frozen = false, pull, limit } = options;
  const request = { build: 'missing', noCache: false, progress: 'auto', frozen, pull } as const;
  const image = await ensureImage(engine, config, request, context);
  await neighbours?.ready(undefined);
  const { requests, left } = await requestsOf(context, config.directory, texts.length > 0 ? texts : config.check.paths);
  for (const one of left) out.warn(one);
  const stop = new AbortController();
  const ignoreSignals = onSignals(() => stop.abort());
  const title = `Checking ${config.name} with ${requests.map(({ name }) => name).join(', ')}`;
  const progress = await buildProgress(out, 'auto', title);
  let done = false;
  try {
    const report = await check({
      engine,
      config,
      image,
      surroundings: context,
      requests,
      limit,
      onPass: (name) => progress.line(passText(name)),
      signal: stop.signal,
    });
    done = report !== undefined;
    if (done) progress.done();
    if (report === undefined) {
      context.exit(ExitCode.interrupted);
      return;
    }
    if (options.format === 'json') out.result(JSON.stringify(report));
    else {
      if (report.findings.length > 0) out.result(`${checkText(report, out.resultColors)}\n`);
      const needs = checkNeeds(report);
      if (needs !== undefined) out.result(needs);
      out.result(checkSummary(report));
    }
    if (problems(report) > 0) context.exit(ExitCode.failed);
  } finally {
    if (!done) progress.failed();
    ignoreSignals();
  }
}

/** What is asked for: requests as texts, and those of scenario files; and what is left out of these, and why. */
async function requestsOf(
  context: Context,
  directory: string,
  texts: readonly string[],
): Promise<{ readonly requests: readonly CheckRequest[]; readonly left: readonly string[] }> {
  const sent: Sent[] = [];
  const left: string[] = [];
  for (const text of texts) {
    if (!isScenario(text)) {
      const request = parseRequest(text);
      if ('fault' in request) throw new Fault(request.fault, { code: ExitCode.usage });
      sent.push(sentOf(request.value));
      continue;
    }
    const [{ readScenario, scenarioFault }, { scenarioRequests }] = await Promise.all([
      import('../scenario/file/parse.ts'),
      import('../scenario/requests.ts'),
    ]);
    const { cwd, env } = context;
    const read = readScenario(resolve(cwd, text), { directory, cwd, env });
    if ('problems' in read) throw scenarioFault(read.problems);
    const found = await scenarioRequests(read.scenario);
    sent.push(...found.sent);
    left.push(...found.left);
  }
  return { requests: namedRequests(sent), left };
}

function isScenario(text: string): boolean {
  return /\.ya?ml$/.test(text) && !text.startsWith('/');
}

/** commander hands over one argument at a time. */
function requestText(text: string, before: readonly string[] = []): readonly string[] {
  const request = isScenario(text) ? { value: text } : parseRequestText(text);
  if ('fault' in request) throw new InvalidArgumentError(`${request.fault}.`);
  return [...before, request.value];
}
