import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { list } from '../config/read-project.ts';
import { kindOf } from '../config/text.ts';
import type { ContextFile } from '../plan/plan.ts';

/** What a package's own set-up reads beside its packages. */
const METADATA =
  /^(pyproject\.toml|setup\.(py|cfg)|MANIFEST\.in|(README|LICEN[CS]E|COPYING|NOTICE|VERSION)[^/]*|requirements[^/]*\.txt)$/i;
/** Where a version may be read from. */
const VERSIONS = new Set(['__init__.py', '__about__.py', '__version__.py', '_version.py', 'version.py']);
const NOT_PACKAGES = /^(\.|__pycache__$|node_modules$|venv$|env$|build$|dist$|.*\.egg-info$)/;

/**
 * What an editable install of a directory needs to know of it: its metadata, and of each package that lies at its top
 * or in src/ that it is there and which version it says. The code itself is mounted, so an edit of it builds nothing.
 */
export function editableFiles(directory: string, inContext: string): readonly ContextFile[] {
  const { files } = list(directory);
  const own = files.filter((name) => METADATA.test(name)).map((name) => read(directory, inContext, name));
  return [...own, ...['', 'src'].flatMap((place) => packagesIn(directory, inContext, place))];
}

function packagesIn(directory: string, inContext: string, place: string): readonly ContextFile[] {
  const { files, folders } = list(join(directory, place));
  const modules = files
    .filter((name) => name.endsWith('.py') && name !== 'setup.py')
    .map((name) => ({ path: posix.join(inContext, place, name), content: '' }));
  const packages = folders.filter((name) => !NOT_PACKAGES.test(name) && !(place === '' && name === 'src'));
  return [
    ...modules,
    ...packages.flatMap((name) => {
      const inside = list(join(directory, place, name)).files.filter((file) => file.endsWith('.py'));
      if (kindOf(join(directory, place, name, 'pyvenv.cfg')) !== undefined) return [];
      const told = inside.filter((file) => VERSIONS.has(file));
      // A package without __init__.py is one by its modules.
      const [first] = inside;
      if (told.length === 0)
        return first === undefined ? [] : [{ path: posix.join(inContext, place, name, first), content: '' }];
      return told.map((file) => read(directory, inContext, posix.join(place, name, file)));
    }),
  ];
}

function read(directory: string, inContext: string, path: string): ContextFile {
  return { path: posix.join(inContext, path), content: readFileSync(join(directory, path)) };
}
