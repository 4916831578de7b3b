import type { Config } from '../config/config.ts';
import { contentHash, type MadeFrom } from './lock.ts';
import type { ContextFile } from './plan.ts';
import type { Stack } from './stack.ts';

/** What a configuration says of its image, as a lock has it; without the stack, what is known before the base is there. */
export function madeFrom(
  { base, packages }: Pick<Config, 'base' | 'packages'>,
  requirements: readonly ContextFile[],
): Omit<MadeFrom, 'python' | 'mod_wsgi'> {
  return {
    ...(base.kind === 'image' &&
      (base.devcontainer ? { devcontainer: base.devcontainer } : { image: base.image.value })),
    apt: packages.apt.toSorted(),
    pip: Object.fromEntries([
      ...requirements.map(({ path, content }) => [path, contentHash(content)]),
      ...named('packages.groups', packages.groups),
      ...named('packages.extras', packages.extras),
    ]),
  };
}

function named(key: string, names: readonly string[]): readonly (readonly [string, string])[] {
  return names.length === 0 ? [] : [[key, contentHash(names.toSorted().join(' '))]];
}

/** The same, with the Python and the mod_wsgi that it is made of. */
export function stackOf({ python, modWsgi }: Stack): Pick<MadeFrom, 'python' | 'mod_wsgi'> {
  return { python, mod_wsgi: modWsgi.kind === 'pypi' ? `pypi==${modWsgi.version}` : 'distro' };
}
