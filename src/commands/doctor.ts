import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import { type Check, fail, ok } from '../doctor/check.ts';
import { judgeEngine } from '../doctor/judge.ts';
import { lookAround } from '../doctor/look.ts';
import type { Endpoint } from '../engine/endpoint.ts';
import type { Engine, EngineVersion } from '../engine/engine.ts';
import { faultKind } from '../engine/fault.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Context } from './context.ts';
import { isTerminal } from './terminal.ts';

interface DoctorOptions {
  readonly fix?: boolean;
  readonly format: 'table' | 'json';
}

/** Declares `doctor`. */
export function declareDoctor(program: Command, context: () => Context): void {
  program
    .command('doctor')
    .description('look at what wsgi-dev needs here; --fix installs and starts an engine where none answers')
    .option('--fix', 'do what is missing (asks first on a terminal)')
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nExample:\n  $ wsgi-dev doctor --fix')
    .action((options: DoctorOptions) => doctor(context(), options));
}

async function doctor(context: Context, { fix, format }: DoctorOptions): Promise<void> {
  const engine = await context.engine();
  const endpoint = await context.endpoint();
  let found = await checkEngine(engine, endpoint);
  if (found.version === undefined && fix && (await agreed(context))) {
    const { installEngine } = await import('../engine/install.ts');
    await installEngine(context.out, context.env);
    found = await checkEngine(engine, endpoint);
  }
  const { check, version } = found;
  const place = { engine, endpoint, flags: context.flags, cwd: context.cwd, surroundings: context };
  const more = version === undefined ? [] : await lookAround({ ...place, arch: version.arch });
  const checks = [check, checkTerminal(context), ...more];
  if (format === 'json') {
    const rows = checks.map(({ name, level, ...rest }) => ({ name, ok: level !== 'fail', level, ...rest }));
    context.out.result(JSON.stringify({ checks: rows }));
  } else for (const one of checks) context.out.result(line(context, one));
  if (check.level === 'fail') context.exit(ExitCode.engine);
  else if (checks.some(({ level }) => level === 'fail')) context.exit(ExitCode.failed);
}

async function checkEngine(
  engine: Engine,
  { source }: Endpoint,
): Promise<{ readonly check: Check; readonly version?: EngineVersion }> {
  try {
    const version = await engine.version();
    return { version, check: judgeEngine(version, engine.address, source) };
  } catch (error) {
    if (faultKind(error) === undefined || !(error instanceof Fault)) throw error;
    return { check: fail('engine', error.message, error.hint) };
  }
}

function checkTerminal(context: Context): Check {
  const both = isTerminal(context);
  return ok('terminal', both ? 'yes: keys go to the prompt' : 'none: lines of stdin go to the prompt');
}

/** On a terminal an installation is asked about; elsewhere --fix was the answer. */
async function agreed({ stdin, stderr }: Context): Promise<boolean> {
  if (!stdin.isTTY) return true;
  const ask = createInterface({ input: stdin, output: stderr });
  const answer = await ask.question(
    'No engine answers. Install and start Docker Engine from the Debian archive? [Y/n] ',
  );
  ask.close();
  return /^(y(es)?)?$/i.test(answer.trim());
}

function line({ out: { colors } }: Context, { name, level, found, remedy }: Check): string {
  const mark = { ok: colors.green('ok  '), note: colors.yellow('note'), fail: colors.red('FAIL') }[level];
  const text = `${name}: ${found}${remedy === undefined ? '' : `\n${remedy}`}`;
  return `${mark} ${text.replaceAll('\n', '\n     ')}`;
}
