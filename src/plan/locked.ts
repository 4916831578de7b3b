import type { Lock } from './lock.ts';
import type { ContextFile } from './plan.ts';

/** In the project directory. */
export const LOCK_FILE = 'wsgi-dev.lock';

/** What a lock puts in the place of the configuration's packages, when an image is built from it. */
export interface LockedParts {
  /** The requirements file that pip installs. */
  readonly requirements: string;
  /** Of apt-get. */
  readonly apt: string;
  /** Of mod_wsgi where it is compiled: its version, as a requirements file says it. */
  readonly modWsgi: string;
}

/** One line of a lock's `pip`. */
interface LockedDistribution {
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly string[];
  readonly url: string | undefined;
}

/** The parts of `lock`, with what the project's own requirements files say of indexes. */
export function lockedParts(lock: Lock, requirements: readonly ContextFile[]): LockedParts {
  const pins = lock.pip.map(parseDistribution).map(({ name, version, hashes, url }) => {
    const what = url === undefined ? `${name}==${version}` : `${name} @ ${url}`;
    return `${[what, ...hashes.map((hash) => `--hash=${hash}`)].join(' ')}\n`;
  });
  const [modWsgi, hash] = lock.mod_wsgi.split(' ');
  return {
    requirements: pins.length === 0 ? '' : indexOptions(requirements) + pins.join(''),
    apt: `--allow-downgrades ${lock.apt.join(' ')}`,
    modWsgi: hash === undefined ? `${modWsgi}` : `${modWsgi} --hash=${hash}`,
  };
}

/** Reads "name==version sha256:… [sha256:…] [address]". */
export function parseDistribution(line: string): LockedDistribution {
  const [pin = '', ...rest] = line.split(' ');
  const [name = '', version = ''] = pin.split('==');
  const isHash = (word: string): boolean => word.startsWith('sha256:');
  return { name, version, hashes: rest.filter(isHash), url: rest.find((word) => !isHash(word)) };
}

/** Which files pip may choose from, and where it looks for them. */
const OPTION =
  /^\s*(?:-[if]|--(?:index-url|pypi-url|extra-index-url|no-index|find-links|trusted-host|no-binary|only-binary|prefer-binary|pre)\b)/;

/** The lines of requirements files that say where pip looks and what it takes, each with its line break. */
export function indexOptions(requirements: readonly ContextFile[]): string {
  const lines = requirements.flatMap(({ content }) =>
    content
      .toString()
      .replace(/\\\r?\n/g, '')
      .split(/\r?\n/),
  );
  return lines.flatMap((line) => (OPTION.test(line) ? [`${line.trim()}\n`] : [])).join('');
}
