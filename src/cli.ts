import { homedir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import type { Context } from './commands/context.ts';
import { ExitCode, Fault } from './errors.ts';
import { commandsBelow, type GlobalOptions, verbosityOf } from './globals.ts';
import { createOutput, type Output } from './log.ts';
import { createProgram } from './program.ts';

/** Filled in by the build. */
declare const __VERSION__: string;

const { argv, env, stdin, stdout, stderr } = process;
let out: Output = createOutput({ verbosity: 'normal', ansi: 'auto', env, stdout, stderr });

stdout.on('error', (cause: NodeJS.ErrnoException) => {
  // `wsgi-dev --help | head`: the reader has seen enough.
  if (cause.code === 'EPIPE') return;
  const hint = 'What was printed is not whole. Is the disk of the file that it goes to full?';
  process.exitCode = report(new Fault(`stdout can't be written: ${cause.message}`, { hint, cause }));
});

const program = createProgram(__VERSION__, makeContext);
program.exitOverride();
for (const command of commandsBelow(program)) command.exitOverride();

program.parseAsync(argv).catch((error: unknown) => {
  process.exitCode = report(error) || process.exitCode;
});

/** The one place that reads the process: all below gets it handed down. */
function makeContext(options: GlobalOptions): Context {
  const { ansi = 'auto', context, host, file, projectName, projectDirectory } = options;
  out = createOutput({ verbosity: verbosityOf(options), ansi, env, stdout, stderr });
  const flags = {
    ...(file !== undefined && { file }),
    ...(projectName !== undefined && { projectName }),
    ...(projectDirectory !== undefined && { projectDirectory }),
  };
  return {
    out,
    env,
    cwd: workingDirectory(),
    stdin,
    stdout,
    stderr,
    flags,
    version: __VERSION__,
    packageRoot: join(import.meta.dirname, '..'),
    cacheDirectory: join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wsgi-dev'),
    dockerFlags: context ? ['--context', context] : host ? ['--host', host] : [],
    exit(code) {
      process.exitCode = code;
    },
    async endpoint() {
      return (await import('./engine/endpoint.ts')).resolveEndpoint({ context, host }, env);
    },
    async engine() {
      const [{ connect }, { dockerCredentials }, { resolveEndpoint }] = await Promise.all([
        import('./engine/docker.ts'),
        import('./engine/credentials.ts'),
        import('./engine/endpoint.ts'),
      ]);
      return connect(resolveEndpoint({ context, host }, env), dockerCredentials(env), env);
    },
    async project() {
      const { findProject } = await import('./config/project.ts');
      return await findProject(flags, env, workingDirectory());
    },
  };
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new Fault('The working directory is gone', {
      code: ExitCode.usage,
      hint: 'It was removed or replaced since this shell went there: cd to the project again, or elsewhere.',
      cause,
    });
  }
}

/** Says what went wrong; returns the exit code. */
function report(error: unknown): number {
  // commander has said it already; its own code for a wrong word is 1.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  const { red, dim } = out.colors;
  if (!(error instanceof Fault)) {
    out.warn(
      `${red('wsgi-dev:')} a defect of wsgi-dev itself: ${error instanceof Error ? error.message : String(error)}`,
    );
    out.debug(error instanceof Error ? String(error.stack) : '');
    out.info('Run it again with -v for the stack trace, and report it.');
    return ExitCode.failed;
  }
  out.warn(`${red('wsgi-dev:')} ${error.message}`);
  if (error.hint !== undefined) out.warn(dim(`  ${error.hint.replaceAll('\n', '\n  ')}`));
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) out.debug(`caused by: ${cause.stack}`);
  out.debug(error.stack ?? '');
  return error.code;
}
