import type { Command } from 'commander';
import { ExitCode, Fault } from '../errors.ts';
import { byHand } from '../plan/eject.ts';
import { adoptOnly } from '../project/adopt.ts';
import type { Context } from './context.ts';
import { applicationOptions } from './up.ts';

/** Declares `eject`. */
export function declareEject(program: Command, context: () => Context): void {
  applicationOptions(
    program
      .command('eject')
      .description('print a script that debugs the Apache configuration on a server without wsgi-dev'),
  )
    .addHelpText('after', '\nExample:\n  $ wsgi-dev eject --apache-config deploy/site.conf >debug.sh')
    .action((options: object) => runEject(context(), options));
}

async function runEject(context: Context, options: object): Promise<void> {
  const { resolveConfig } = await import('../config/resolve.ts');
  const flags = { ...context.flags, ...options, debug: true };
  const { config, notices } = await resolveConfig(flags, context.env, context.cwd);
  notices.forEach(context.out.info);
  const { apacheConfig } = config.server;
  if (apacheConfig === undefined) {
    throw new Fault('eject prints how an Apache configuration is debugged by hand, and the project names none', {
      code: ExitCode.usage,
      hint: 'Name it with --apache-config FILE, or server.apache_config in wsgi-dev.yaml.',
    });
  }
  const adopted = await adoptOnly(await context.engine(), config, context, true);
  context.out.result(byHand(adopted, apacheConfig.path).trimEnd());
}
