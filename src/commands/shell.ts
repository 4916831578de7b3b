import type { Command } from 'commander';
import type { Flags } from '../config/flags.ts';
import { findContainer } from '../project/container.ts';
import type { Context } from './context.ts';
import { execIn } from './exec.ts';
import { type InsideOptions, insideOptions } from './inside.ts';
import { runOnce } from './run.ts';

/** bash where the image has it: sh has no history. */
const SHELL = ['/bin/sh', '-c', 'if command -v bash >/dev/null; then exec bash; else exec sh; fi'];

interface ShellOptions extends InsideOptions, Pick<Flags, 'service' | 'devcontainer'> {}

/** Declares `shell`. */
export function declareShell(program: Command, context: () => Context): void {
  insideOptions(program.command('shell'))
    .description('a shell inside the running container, or in one of its own where nothing runs')
    .option('--service <name>', 'in one of its own: among the services of the compose file, with all that this one has')
    .option('--devcontainer', "in one of its own: take devcontainer.json's image and environment")
    .option('--no-devcontainer', 'leave it out (default: taken where the devcontainer CLI is there)')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev shell')
    .action((options: ShellOptions) => shell(context(), options));
}

async function shell(context: Context, options: ShellOptions): Promise<void> {
  const [engine, project] = await Promise.all([context.engine(), context.project()]);
  const container = await findContainer(engine, project);
  if (container?.state === 'running') return await execIn(context, container.id, SHELL, options);
  context.out.info(`${project.name} is not running: a shell in a container of its own`);
  await runOnce(context, SHELL, { ...options, pull: 'missing' });
}
