import type { ComposeCli } from './cli.ts';
import { grantedVariables } from './grants.ts';
import type { ComposeModel } from './model.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The environment that secrets and configs of a service are taken from: compose's own, its .env file read in. */
export async function secretVariables(
  cli: ComposeCli,
  model: ComposeModel,
  service: string,
  env: Variables,
): Promise<Variables> {
  if (grantedVariables(model, model.services[service] ?? {}).length === 0) return {};
  const { code, stdout } = await cli.run(['config', '--environment']);
  // An older compose doesn't tell: the variables of this process are most of it.
  if (code !== 0) return env;
  const lines = stdout.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
  // One of several lines is whole in this process's own.
  return { ...Object.fromEntries(lines), ...env };
}
