import type { ImageBase, SuiteBase } from '../config/config.ts';
import type { ModWsgi } from '../config/mod-wsgi.ts';
import { modWsgiFor, modWsgiProblem } from '../config/mod-wsgi.ts';
import { suitePythons } from '../config/parsers.ts';
import { configFault } from '../config/problems.ts';
import type { Sourced } from '../config/sourced.ts';
import type { Contents, FoundPython } from './contents.ts';
import { aptOptionsOf, pythonOfRelease, releaseOf } from './releases.ts';

/** With what a base image becomes a project's: decided before anything is built. */
export interface Stack {
  /** "3.12" */
  readonly python: string;
  /** The distribution's own /usr/bin/python3, or another that the image brings. */
  readonly interpreter: string;
  readonly distribution: boolean;
  readonly modWsgi: ModWsgi;
  readonly aptOptions: string;
  /** Python packages that the base image brings are seen by the application. */
  readonly inherits: boolean;
  /** A directory of such packages that the interpreter doesn't know of by itself. */
  readonly sitePackages: string | undefined;
}

const DISTRIBUTION = '/usr/bin/python3';
/** Where the project's requirements go. */
const VENV = '/opt/venv';

/** On the base image of a Debian suite: its own Python. */
export function suiteStack({ python, modWsgi }: SuiteBase): Stack {
  return {
    python,
    interpreter: DISTRIBUTION,
    distribution: true,
    modWsgi,
    aptOptions: aptOptionsOf(releaseOf(python)),
    inherits: false,
    sitePackages: undefined,
  };
}

/** On an image that has these contents; a Fault (code 2) where they can't serve what was said, or serve at all. */
export function imageStack(base: ImageBase, contents: Contents): Stack {
  const { image, modWsgi: written } = base;
  const found = choosePython(base, contents);
  const { version, sitePackages } = found;
  const distribution = found.path.startsWith('/usr/bin/');
  if (!distribution) refuseUnfit(image, found);
  if (!distribution && written?.value.kind === 'distro') {
    throw fault(
      written.where,
      `the mod_wsgi of ${system(contents)} can't serve ${shown(found)} of ${image.value}`,
      'write pypi, or leave it out',
    );
  }
  const python = { value: version, where: image.value };
  const problems = written === undefined ? [] : modWsgiProblem(written, python);
  if (problems.length > 0) throw configFault(problems);
  return {
    python: version,
    interpreter: distribution ? DISTRIBUTION : found.path,
    distribution,
    modWsgi: modWsgiFor(written?.value ?? { kind: distribution ? 'distro' : 'pypi', version: undefined }, version),
    aptOptions: aptOptionsOf(contents.codename),
    inherits: true,
    sitePackages,
  };
}

function choosePython({ image, python: wanted }: ImageBase, contents: Contents): FoundPython {
  if (!contents.apt) {
    throw fault(
      image.where,
      `${image.value} (${system(contents)}) has no apt-get and dpkg`,
      `choose an image that is built on Debian or Ubuntu, such as python:${wanted?.value ?? suitePythons[1]}-slim`,
    );
  }
  const all = contents.pythons.length > 0 ? contents.pythons : ofRelease(contents.codename);
  const [first] = all;
  if (first === undefined) {
    throw fault(
      image.where,
      `${image.value} (${system(contents)}) has no Python 3 that an unprivileged user may run`,
      'choose an image that has one, such as python:3.13-slim',
    );
  }
  if (wanted === undefined) return atLeast39(image, first);
  const found = all.find(({ version }) => version === wanted.value);
  if (found !== undefined) return found;
  const there = [...new Set(all.map(shown))].join(' and ');
  throw fault(
    wanted.where,
    `Python ${wanted.value} is not in ${image.value} (${image.where}), which has ${there}`,
    `write python: ${first.version} or leave it out, or choose an image with Python ${wanted.value}`,
  );
}

function atLeast39(image: Sourced<string>, found: FoundPython): FoundPython {
  if (Number(found.version.replace(/^3\./, '')) >= 9) return found;
  throw fault(image.where, `${image.value} has ${shown(found)}, which is too old`, 'choose an image with 3.9 or newer');
}

/** The Python of a release that has none yet: apt-get installs it. */
function ofRelease(codename: string): readonly FoundPython[] {
  const version = pythonOfRelease(codename);
  return version === undefined ? [] : [{ path: DISTRIBUTION, version, lacks: [], sitePackages: undefined }];
}

/** mod_wsgi is compiled for a Python of the image's own, and the project's requirements go into a venv of it. */
function refuseUnfit(image: Sourced<string>, found: FoundPython): void {
  if (found.lacks.length > 0) {
    throw fault(
      image.where,
      `${shown(found)} of ${image.value} lacks ${found.lacks.join(', ')}`,
      'choose an image whose Python was built with --enable-shared, such as the official python images',
    );
  }
  if (found.sitePackages?.startsWith(`${VENV}/`)) {
    throw fault(
      image.where,
      `${image.value} has a virtual environment in ${VENV}, where wsgi-dev puts its own`,
      'choose the image that it is built on, and name its requirements in packages.pip',
    );
  }
}

function fault(where: string, message: string, remedy: string): Error {
  return configFault([{ where, message: `${message}; ${remedy}` }]);
}

function shown({ version, path }: FoundPython): string {
  return `Python ${version} (${path})`;
}

function system({ os }: Contents): string {
  return os ?? 'an unknown system';
}
