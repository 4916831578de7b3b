import { basename, dirname, join } from 'node:path';
import type { PackagesConfig } from './config.ts';
import type { Parsed } from './parsers.ts';
import { kindOf, readText } from './text.ts';

/** Files of other tools, and the command that makes of them what can be read. */
const EXPORTS: Readonly<Record<string, string>> = {
  'poetry.lock': 'poetry export -f requirements.txt -o requirements.txt',
  Pipfile: 'pipenv requirements > requirements.txt',
  'Pipfile.lock': 'pipenv requirements > requirements.txt',
  'pdm.lock': 'pdm export -o requirements.txt',
  'environment.yml': 'conda run -n NAME pip freeze > requirements.txt',
};

/** A file of packages.pip that lies at `path`; one that can't be read is told with the command that exports it. */
export function packageFile(path: string, written: string): Parsed<string> {
  const name = basename(path);
  const command = EXPORTS[name];
  if (command !== undefined) return { fault: `${written} can't be read here; export it: ${command}` };
  if (name === 'setup.py' || name === 'setup.cfg') {
    return { fault: `${written} is no list of requirements; write \`-e .\` in a requirements file` };
  }
  if (name === 'uv.lock' && kindOf(join(dirname(path), 'pyproject.toml')) !== 'file') {
    return { fault: `${written} needs the pyproject.toml that it was made from beside it` };
  }
  if (name === 'pyproject.toml' && isPoetry(textOf(path))) {
    return { fault: `${written} names its requirements for Poetry alone; export them: ${EXPORTS['poetry.lock']}` };
  }
  return { value: path };
}

/** The requirements of a project that names none, and what to say where there are some that can't be read. */
export interface FoundPackages {
  readonly pip: PackagesConfig['pip'];
  readonly notice?: string;
}

/** Looks for them in the project directory. */
export function foundPackages(directory: string): FoundPackages {
  const there = (name: string): boolean => kindOf(join(directory, name)) === 'file';
  const take = (name: string) => ({ pip: [join(directory, name)] });
  if (there('requirements.txt')) return take('requirements.txt');
  const pyproject = there('pyproject.toml') ? textOf(join(directory, 'pyproject.toml')) : '';
  if (there('uv.lock') && pyproject !== '') return take('uv.lock');
  if (there('pylock.toml')) return take('pylock.toml');
  // Without dependencies there is nothing to bring an installer for.
  if (/^\[project\]/m.test(pyproject) && /^dependencies\s*=\s*\[\s*[^\s\]]/m.test(pyproject))
    return take('pyproject.toml');
  const foreign =
    ['poetry.lock', 'pdm.lock', 'Pipfile'].find(there) ?? (isPoetry(pyproject) ? 'poetry.lock' : undefined);
  if (foreign === undefined) return { pip: [] };
  const command = EXPORTS[foreign];
  const what = there(foreign) ? foreign : 'pyproject.toml';
  return { pip: [], notice: `The requirements of ${what} are not installed; export them: ${command}` };
}

function isPoetry(pyproject: string): boolean {
  return /^\[tool\.poetry\.dependencies\]/m.test(pyproject) && !/^dependencies\s*=/m.test(pyproject);
}

function textOf(path: string): string {
  const read = readText(path);
  return 'text' in read ? read.text : '';
}
