import type { Config } from '../../config/config.ts';
import { officialBase } from '../../engine/base.ts';
import { aptOptionsOf, releaseOf } from '../../plan/releases.ts';

/** Beside devcontainer.json. */
export const DOCKERFILE = 'Dockerfile';
/** Whom the Dockerfile makes. */
export const REMOTE_USER = 'dev';
/** By this line a Dockerfile is told from a person's own. */
const MARK = '# Written by `wsgi-dev devcontainer init';

/** The Dockerfile of a devcontainer for a project: images/devcontainer/Dockerfile with what the configuration says. */
export function devcontainerDockerfile(
  template: string,
  { base, packages }: Pick<Config, 'base' | 'packages'>,
): string {
  const suite = base.kind === 'suite' ? releaseOf(base.python) : undefined;
  const values: Readonly<Record<string, string>> = {
    BASE: base.kind === 'image' ? base.image.value : officialBase(releaseOf(base.python)),
    APT_PACKAGES: packages.apt.toSorted().join(' '),
    PYTHON: suite === undefined ? 'auto' : 'system',
    MOD_WSGI: modWsgiVersion(base),
    CHECK_VALID_UNTIL: `${suite === undefined || aptOptionsOf(suite) === ''}`,
  };
  return template.replace(/^ARG (\w+)(=.*)?$/gm, (line, name: string) => {
    const value = values[name];
    return value === undefined ? line : `ARG ${name}=${/^[\w.:@/-]+$/.test(value) ? value : JSON.stringify(value)}`;
  });
}

/** Whether a Dockerfile is one of these. */
export function isOurs(dockerfile: string | undefined): boolean {
  return dockerfile?.startsWith(MARK) === true;
}

/** A version of PyPI; empty: the distribution's, or the newest where that has none. */
function modWsgiVersion(base: Config['base']): string {
  const wanted = base.kind === 'suite' ? base.modWsgi : base.modWsgi?.value;
  return wanted?.kind === 'pypi' ? (wanted.version ?? '') : '';
}
