import type { Command } from 'commander';
import type { Config } from '../config/config.ts';
import { proxyWithoutPassword } from '../passwords.ts';
import { byHand, ownByHand } from '../plan/eject.ts';
import { adoptOnly, urlByHand } from '../project/adopt.ts';
import { isSecretName } from '../scenario/record/mask.ts';
import type { Context } from './context.ts';
import { applicationOptions } from './up.ts';

/** Declares `eject`. */
export function declareEject(program: Command, context: () => Context): void {
  applicationOptions(
    program.command('eject').description('print a script that debugs the application on a server without wsgi-dev'),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  $ wsgi-dev eject >debug.sh\n  $ wsgi-dev eject --apache-config deploy/site.conf >debug.sh',
    )
    .action((options: object) => runEject(context(), options));
}

async function runEject(context: Context, options: object): Promise<void> {
  const { resolveConfig } = await import('../config/resolve.ts');
  const flags = { ...context.flags, ...options, debug: true };
  const { config, notices } = await resolveConfig(flags, context.env, context.cwd);
  notices.forEach(context.out.info);
  const adopted = await adoptOnly(await context.engine(), config, context, true);
  for (const { file, line, before, after } of adopted.changed)
    if (after === null && /^Include/i.test(before))
      context.out.warn(`${file}:${line}: ${before} is not here, and left out: add it to the script where it matters`);
  const { apacheConfig } = config.server;
  const script = apacheConfig === undefined ? own(config, adopted.configuration) : byHand(adopted, apacheConfig.path);
  context.out.result(script.trimEnd());
}

function own(config: Config, configuration: string): string {
  const { name, app, env } = config;
  if (app.kind === 'apache' || app.kind === 'none')
    throw new Error('eject looks for an application where none is said');
  const secrets = Object.entries(env)
    .filter(([variable, value]) => isSecretName(variable) || proxyWithoutPassword(value) !== value)
    .map(([variable]) => variable);
  const environment = Object.fromEntries(Object.entries(env).filter(([variable]) => !secrets.includes(variable)));
  return ownByHand({ name, app, configuration, url: urlByHand(config), environment, secrets });
}
