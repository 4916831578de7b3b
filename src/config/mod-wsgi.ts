import { defaultPython, type Parsed } from './parsers.ts';
import type { Problem } from './problems.ts';
import type { Sourced } from './sourced.ts';

/** Where mod_wsgi comes from: the distribution's package, or PyPI, compiled for the chosen Python. */
export type ModWsgi = { readonly kind: 'distro' } | { readonly kind: 'pypi'; readonly version: string };

/** server.mod_wsgi as written; version undefined: the newest that is known to work with the Python. */
export type WrittenModWsgi =
  | { readonly kind: 'distro' }
  | { readonly kind: 'pypi'; readonly version: string | undefined };

interface Range {
  /** The oldest that works. */
  readonly from: string;
  /** The first that no longer does. */
  readonly before?: string;
  /** What `pypi` without a version takes: pinned, so that a build of tomorrow is the build of today. */
  readonly pin: string;
}

/**
 * What of mod_wsgi works with each Python. By its release notes (docs/release-notes/version-X.rst of
 * GrahamDumpleton/mod_wsgi): 4.6.8 "compilation failures when using Python 3.8", 4.9.0 "wouldn't compile on Python 3.10",
 * 4.9.1 "compiles on Python 3.11", 5.0.0 "distutils has been removed in Python 3.12", 5.0.1 "required to support Python
 * 3.13"; and by its metadata on PyPI: 6.0.0 has Requires-Python >=3.10. Tried on
 * each suite, compiled and asked for a page: 4.6.8, 4.7.1, 4.9.4 and 5.0.2 work on 3.9; 4.8.0 and 4.9.0 don't compile on
 * 3.11, 4.9.1 does; 4.9.4 and 5.0.0 don't on 3.13 and 3.14, where 5.0.1, 5.0.2, 6.0.0 and 6.1.1 work.
 */
const RANGES: Readonly<Record<string, Range>> = {
  '3.9': { from: '4.6.8', before: '6.0.0', pin: '5.0.2' },
  '3.10': { from: '4.9.0', pin: '6.1.1' },
  '3.11': { from: '4.9.1', pin: '6.1.1' },
  '3.12': { from: '5.0.0', pin: '6.1.1' },
};
const NEWER: Range = { from: '5.0.1', pin: '6.1.1' };

/** "distro", "pypi" or "pypi==6.1.1". */
export function parseModWsgi(text: string): Parsed<WrittenModWsgi> {
  if (text === 'distro') return { value: { kind: 'distro' } };
  const [match, version] = /^pypi(?:\s*==\s*(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?))?$/.exec(text) ?? [];
  if (match !== undefined) return { value: { kind: 'pypi', version } };
  return { fault: `expected distro, pypi or pypi==VERSION, such as pypi==${rangeOf(defaultPython).pin}` };
}

/** The mod_wsgi that `written` means for a Python; not said: the distribution's. */
export function modWsgiFor(written: WrittenModWsgi = { kind: 'distro' }, python: string): ModWsgi {
  return written.kind === 'distro' ? written : { kind: 'pypi', version: written.version ?? rangeOf(python).pin };
}

/** A named version that can't work with the Python: said before anything is built. */
export function modWsgiProblem(
  { value: written, where }: Sourced<WrittenModWsgi>,
  python: Sourced<string>,
): readonly Problem[] {
  if (written.kind !== 'pypi' || written.version === undefined) return [];
  const { version } = written;
  const { from, before, pin } = rangeOf(python.value);
  const its = `Python ${python.value} (${python.where})`;
  const needs =
    compareVersions(version, from) < 0
      ? `too old for ${its}, which needs ${from} or newer`
      : before !== undefined && compareVersions(version, before) >= 0
        ? `too new for ${its}, which needs one before ${before}`
        : undefined;
  if (needs === undefined) return [];
  return [{ where, message: `mod_wsgi ${version} is ${needs}; write pypi==${pin} or pypi` }];
}

function rangeOf(python: string): Range {
  return RANGES[python] ?? NEWER;
}

/** Below 0: `a` is the older; versions of numbers and dots, where 6.1 is 6.1.0. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  const differences = [0, 1, 2].map((at) => (left?.[at] ?? 0) - (right?.[at] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
