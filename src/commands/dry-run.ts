import type { Config } from '../config/config.ts';
import type { Engine } from '../engine/engine.ts';
import { withoutPasswords } from '../passwords.ts';
import { configHash, containerPlan } from '../plan/container.ts';
import { adoptOnly } from '../project/adopt.ts';
import { planImage } from '../project/image.ts';
import { serverUser } from '../project/owner.ts';
import { stateDirectory } from '../project/state.ts';
import { changeLine } from './adopted.ts';
import type { Context } from './context.ts';

/** What `up` would do, as YAML: the image's plan without the contents of its files, and the container's. */
export async function describePlan(
  engine: Engine,
  config: Config,
  { frozen = false }: { readonly frozen?: boolean },
  context: Context,
): Promise<string> {
  const { stringify } = await import('yaml');
  const image = await planImage(engine, config, { pull: 'missing', frozen }, context);
  const inputs = {
    image: image.tag,
    user: await serverUser(config),
    // Made anew at each start.
    nonce: '(random)',
    hostPort: config.server.port,
    editorPort: config.debug.debugger === 'debugpy' ? config.debug.editor.port : undefined,
    stateDirectory: stateDirectory(config.directory),
    version: context.version,
    term: context.env.TERM ?? 'dumb',
  };
  const container = containerPlan(config, inputs);
  // An environment may hold secrets, as files may: their names are enough here.
  const files = config.joined?.files.map(({ path }) => path);
  const joined = config.joined && { ...config.joined, files };
  const env = container.env.map((entry) => entry.slice(0, entry.indexOf('=')));
  const build = (await engine.image(image.tag)) === undefined;
  const text = stringify({
    image: { tag: image.tag, build, buildArgs: image.buildArgs, context: image.context().map(({ path }) => path) },
    container: { ...container, env, ...(joined && { joined }) },
    config: { ...config, env: Object.keys(config.env), ...(joined && { joined }) },
    configHash: configHash(config, inputs),
    ...(config.server.apacheConfig !== undefined && !build && { apache: await adopted(engine, config, context) }),
  });
  return withoutPasswords(text.trimEnd());
}

/** What would be changed of the project's own Apache configuration; it takes the image to find that out. */
async function adopted(engine: Engine, config: Config, context: Context): Promise<unknown> {
  const { changed, notes, urls } = await adoptOnly(engine, config, context);
  return { changed: changed.map(changeLine), notes, urls };
}
