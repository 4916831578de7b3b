import type { Command } from 'commander';
import type { Config } from '../config/config.ts';
import { proxyWithoutPassword } from '../passwords.ts';
import { byHand, ownByHand } from '../plan/eject.ts';
import { adoptOnly, urlByHand } from '../project/adopt.ts';
import { isSecretName } from '../scenario/record/mask.ts';
import { collect } from './arguments.ts';
import type { Context } from './context.ts';

/** Declares `eject`. */
export function declareEject(program: Command, context: () => Context): void {
  program
    .command('eject')
    .description('print a script that debugs the application on a server without wsgi-dev')
    .optionsGroup('The application:')
    .option('--app <target>', 'module:callable, module:factory() or a script file')
    .option('--apache-config <path>', "run this configuration of Apache's: a site's file, or a whole directory")
    .option('-p, --port <port>', 'listen here, on 127.0.0.1 (default 8000)')
    .option('-e, --env <key=val>', 'set an environment variable of the application', collect)
    .option('--env-file <file>', 'read environment variables from a file', collect)
    .optionsGroup('What the configuration is tried on, here:')
    .option('--python <x.y>', 'this Python')
    .option('--image <ref>', 'this image (Debian or Ubuntu) and its Python')
    .option('--user <uid[:gid]>', 'as this user (default: the owner of the project directory)')
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
  const said = environmentOf(config);
  const script =
    apacheConfig === undefined ? own(config, adopted.configuration, said) : byHand(adopted, apacheConfig.path, said);
  context.out.result(script.trimEnd());
}

function own(config: Config, configuration: string, said: ReturnType<typeof environmentOf>): string {
  const { name, app } = config;
  if (app.kind === 'apache' || app.kind === 'none')
    throw new Error('eject looks for an application where none is said');
  return ownByHand({ name, app, configuration, url: urlByHand(config), ...said });
}

/** Secrets by their names only: the script is for a server. */
function environmentOf({ env }: Config) {
  const secrets = Object.entries(env)
    .filter(([variable, value]) => isSecretName(variable) || proxyWithoutPassword(value) !== value)
    .map(([variable]) => variable);
  const environment = Object.fromEntries(Object.entries(env).filter(([variable]) => !secrets.includes(variable)));
  return { environment, secrets };
}
