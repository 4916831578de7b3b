import { type Command, Option } from 'commander';
import { askYesNo } from '../ask.ts';
import { type Check, type Fix, fail } from '../doctor/check.ts';
import { judgeEngine, judgeTerminal } from '../doctor/judge.ts';
import { type Answering, lookAround } from '../doctor/look.ts';
import type { Endpoint } from '../engine/endpoint.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Context } from './context.ts';
import { isTerminal } from './terminal.ts';

/** Where the engine that `--fix` installs and starts listens. */
const LOCAL_SOCKET = '/var/run/docker.sock';

interface DoctorOptions {
  readonly fix?: boolean;
  readonly format: 'table' | 'json';
}

/** Declares `doctor`. */
export function declareDoctor(program: Command, context: () => Context): void {
  program
    .command('doctor')
    .description('look at what wsgi-dev needs here, and say what to do; --fix does what is safe')
    .option('--fix', 'install and start an engine, bring the base image, clear leftovers (asks first on a terminal)')
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nExample:\n  $ wsgi-dev doctor --fix')
    .action((options: DoctorOptions) => doctor(context(), options));
}

async function doctor(context: Context, { fix, format }: DoctorOptions): Promise<void> {
  let checks = await examine(context);
  if (fix) {
    const done = new Set<string>();
    // What an engine has is known only once one runs.
    while (await mend(context, checks, done)) checks = await examine(context);
  }
  if (format === 'json') {
    const rows = checks.map(({ name, level, fix: mends, ...rest }) => {
      return { name, ok: level !== 'fail', level, ...rest, ...(mends && { fix: mends.what }) };
    });
    context.out.result(JSON.stringify({ checks: rows }));
  } else for (const one of checks) context.out.result(line(context, one));
  const failed = checks.filter(({ level }) => level === 'fail').map(({ name }) => name);
  if (failed.includes('engine')) context.exit(ExitCode.engine);
  else if (failed.length > 0) context.exit(ExitCode.failed);
}

/** Everything, the engine first. */
async function examine(context: Context): Promise<readonly Check[]> {
  const { check, answering } = await checkEngine(context);
  const place = { answering, flags: context.flags, cwd: context.cwd, surroundings: context };
  return [check, judgeTerminal(isTerminal(context), context.env.TERM), ...(await lookAround(place))];
}

async function checkEngine(
  context: Context,
): Promise<{ readonly check: Check; readonly answering: Answering | undefined }> {
  let endpoint: Endpoint | undefined;
  try {
    endpoint = await context.endpoint();
    const engine = await context.engine();
    const version = await engine.version();
    const check = judgeEngine(version, engine.address, endpoint.source);
    return { check, answering: { engine, endpoint, arch: version.arch } };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const check = fail('engine', error.message, error.hint);
    const { transport } = endpoint ?? {};
    const isLocal = transport?.kind === 'socket' && transport.path === LOCAL_SOCKET;
    return { check: isLocal ? { ...check, fix: installing(context) } : check, answering: undefined };
  }
}

function installing({ out, env }: Context): Fix {
  return {
    what: 'install Docker Engine from the Debian archive where it is missing, and start it',
    async run() {
      const { installEngine } = await import('../engine/install.ts');
      await installEngine(out, env);
    },
  };
}

/** Does what can be done of `checks` and was not tried before; whether anything was. */
async function mend(context: Context, checks: readonly Check[], done: Set<string>): Promise<boolean> {
  const { out } = context;
  const fixes = checks.flatMap(({ fix }) => (fix === undefined || done.has(fix.what) ? [] : [fix]));
  for (const { what, run } of fixes) {
    done.add(what);
    if (!(await agreed(context, what))) continue;
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      out.warn(error.hint === undefined ? error.message : `${error.message}\n${error.hint}`);
    }
  }
  return fixes.length > 0;
}

/** On a terminal each is asked about; elsewhere --fix was the answer. */
async function agreed({ stdin, stderr, out }: Context, what: string): Promise<boolean> {
  const sentence = `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
  if (stdin.isTTY) return await askYesNo(`${sentence}?`, true, { stdin, stderr });
  out.info(sentence);
  return true;
}

function line({ out: { resultColors: colors } }: Context, { name, level, found, remedy, fix }: Check): string {
  const mark = { ok: colors.green('ok  '), note: colors.magenta('note'), fail: colors.red('FAIL') }[level];
  const mends = fix && `\`wsgi-dev doctor --fix\`: ${fix.what}`;
  const text = [`${name}: ${found}`, remedy, mends].filter((one) => one !== undefined).join('\n');
  return `${mark} ${text.replaceAll('\n', '\n     ')}`;
}
