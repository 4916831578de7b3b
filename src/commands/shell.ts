import type { Command } from 'commander';
import { findContainer } from '../project/container.ts';
import type { Context } from './context.ts';
import { execIn } from './exec.ts';
import { type InsideOptions, insideOptions } from './inside.ts';
import { runOnce } from './run.ts';

/** bash where the image has it: sh has no history. */
const SHELL = ['/bin/sh', '-c', 'if command -v bash >/dev/null; then exec bash; else exec sh; fi'];

/** Declares `shell`. */
export function declareShell(program: Command, context: () => Context): void {
  insideOptions(program.command('shell'))
    .description('a shell inside the running container, or in one of its own where nothing runs')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev shell')
    .action((options: InsideOptions) => shell(context(), options));
}

async function shell(context: Context, options: InsideOptions): Promise<void> {
  const [engine, project] = await Promise.all([context.engine(), context.project()]);
  const container = await findContainer(engine, project);
  if (container?.state === 'running') return await execIn(context, container.id, SHELL, options);
  context.out.info(`${project.name} is not running: a shell in a container of its own`);
  await runOnce(context, SHELL, { ...options, pull: 'missing' });
}
