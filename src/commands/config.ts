import { type Command, Option } from 'commander';
import type { Config } from '../config/config.ts';
import { ExitCode, Fault } from '../errors.ts';
import { adoptOnly } from '../project/adopt.ts';
import type { Adopted } from '../project/adopted.ts';
import { changeLine } from './adopted.ts';
import type { Context } from './context.ts';
import { applicationOptions } from './up.ts';

interface ConfigOptions {
  readonly apache?: boolean;
  readonly schema?: boolean;
  readonly format: 'yaml' | 'json';
}

/** Declares `config`. */
export function declareConfig(program: Command, context: () => Context): void {
  applicationOptions(
    program
      .command('config')
      .description('what holds here and where each value came from; --apache: the configuration that Apache runs')
      .option('--apache', "what becomes of the project's own Apache configuration, and what was changed of it")
      .option('--schema', 'the JSON Schema of wsgi-dev.yaml')
      .option('--debug', 'in debug mode'),
  )
    .addOption(new Option('--format <format>', 'how').choices(['yaml', 'json']).default('yaml'))
    .addHelpText('after', '\nExample:\n  $ wsgi-dev config\n  $ wsgi-dev config --apache --debug')
    .action((options: ConfigOptions) => runConfig(context(), options));
}

async function runConfig(context: Context, options: ConfigOptions): Promise<void> {
  if (options.schema) {
    const { configJsonSchema } = await import('../config/json-schema.ts');
    context.out.result(JSON.stringify(configJsonSchema(), null, 2));
    return;
  }
  const { resolveConfig } = await import('../config/resolve.ts');
  const { config, notices, origins } = await resolveConfig({ ...context.flags, ...options }, context.env, context.cwd);
  notices.forEach(context.out.info);
  if (options.apache) {
    const adopted = await adoptedOf(context, config);
    context.out.result(options.format === 'json' ? JSON.stringify(adopted) : asText(adopted));
    return;
  }
  const [{ shownRows }, { printed }] = await Promise.all([import('../config/shown.ts'), import('./config-text.ts')]);
  context.out.result(await printed(shownRows(config, origins), options.format));
}

async function adoptedOf(context: Context, config: Config): Promise<Adopted> {
  if (config.server.apacheConfig === undefined) {
    throw new Fault('--apache prints what becomes of an Apache configuration, and the project names none', {
      code: ExitCode.usage,
      hint: 'Name it with --apache-config FILE, or server.apache_config in wsgi-dev.yaml.',
    });
  }
  return await adoptOnly(await context.engine(), config, context);
}

/** What was changed as comments, then the configuration. */
function asText({ changed, notes, configuration }: Adopted): string {
  return [...changed.map(changeLine), ...notes].map((line) => `# ${line}\n`).join('') + configuration.trimEnd();
}
