import type { Command } from 'commander';
import { runningContainer } from '../project/container.ts';
import type { Context } from './context.ts';
import { connected, type InsideOptions, insideOptions } from './inside.ts';
import { isTerminal } from './terminal.ts';

/** Declares `exec`. */
export function declareExec(program: Command, context: () => Context): void {
  insideOptions(program.command('exec').description('run a command inside the running container'))
    .argument('<command...>', 'the command and its arguments')
    .passThroughOptions()
    .addHelpText('after', '\nExample:\n  $ wsgi-dev exec python manage.py migrate')
    .action(async (command: readonly string[], options: InsideOptions) => {
      const made = context();
      const [engine, project] = await Promise.all([made.engine(), made.project()]);
      await execIn(made, (await runningContainer(engine, project)).id, command, options);
    });
}

/** Runs `command` in the container `id`, and ends with its exit code. */
export async function execIn(
  context: Context,
  id: string,
  command: readonly string[],
  options: InsideOptions,
): Promise<void> {
  const engine = await context.engine();
  const tty = options.tty && isTerminal(context);
  // A command that isn't there ends with 127, one that may not be executed with 126, as in a shell.
  const session = await engine.exec(id, {
    command,
    tty,
    env: [...(tty && context.env.TERM ? [`TERM=${context.env.TERM}`] : []), ...(await given(context, options))],
    user: options.user,
    workingDir: options.workdir,
  });
  context.exit(await connected(context, session, tty));
}

/** What -e and --env-file give, as the engine takes it: `-e KEY` is the value here. */
async function given({ env, cwd }: Context, flags: InsideOptions): Promise<readonly string[]> {
  if (flags.env === undefined && flags.envFile === undefined) return [];
  const [{ spokenEnv }, { configFault }] = await Promise.all([
    import('../config/sayings.ts'),
    import('../config/problems.ts'),
  ]);
  const { values, problems } = spokenEnv(flags, env, cwd);
  if (problems.length > 0) throw configFault(problems);
  return Object.entries(values).map(([key, value]) => `${key}=${value}`);
}
