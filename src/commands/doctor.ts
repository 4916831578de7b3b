import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import type { Engine } from '../engine/engine.ts';
import { faultKind } from '../engine/fault.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Context } from './context.ts';
import { isTerminal } from './terminal.ts';

interface DoctorOptions {
  readonly fix?: boolean;
  readonly format: 'table' | 'json';
}

/** One thing that was looked at. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  /** What to do, where it isn't well. */
  readonly remedy?: string;
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
  let check = await checkEngine(engine);
  if (!check.ok && fix && (await agreed(context))) {
    const { installEngine } = await import('../engine/install.ts');
    await installEngine(context.out, context.env);
    check = await checkEngine(engine);
  }
  const checks = [check, checkTerminal(context)];
  if (format === 'json') context.out.result(JSON.stringify({ checks }));
  else for (const one of checks) context.out.result(line(context, one));
  if (!check.ok) context.exit(ExitCode.engine);
}

async function checkEngine(engine: Engine): Promise<Check> {
  try {
    const { version, apiVersion, os, arch } = await engine.version();
    return { name: 'engine', ok: true, found: `${version} (API ${apiVersion}, ${os}/${arch}) at ${engine.address}` };
  } catch (error) {
    if (faultKind(error) === undefined || !(error instanceof Fault)) throw error;
    return { name: 'engine', ok: false, found: error.message, ...(error.hint !== undefined && { remedy: error.hint }) };
  }
}

function checkTerminal({ stdin, stdout }: Context): Check {
  const both = isTerminal({ stdin, stdout });
  return {
    name: 'terminal',
    ok: true,
    found: both ? 'yes: keys go to the prompt' : 'none: lines of stdin go to the prompt',
  };
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

function line({ out: { colors } }: Context, { name, ok, found, remedy }: Check): string {
  const mark = ok ? colors.green('ok  ') : colors.red('FAIL');
  return `${mark} ${name}: ${found}${remedy === undefined ? '' : `\n     ${remedy.replaceAll('\n', '\n     ')}`}`;
}
