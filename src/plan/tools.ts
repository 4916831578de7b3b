import type { DebugConfig, DebuggerName } from '../config/config.ts';
import { ExitCode, Fault } from '../errors.ts';

/** What debug mode may need beyond what Python brings. */
export type Tool = DebuggerName | 'coverage';

/** The first column of the table begins here: 3.MINOR. */
const OLDEST = 9;

/**
 * Every package of a tool, with its exact version from a Python on: by each release's Requires-Python. All are
 * named, and installed without looking for more, so that a build of tomorrow is the build of today.
 */
const VERSIONS: Readonly<Record<string, readonly (readonly [python: number, version: string | undefined])[]>> = {
  asttokens: [[9, '3.0.2']],
  coverage: [
    [9, '7.10.7'],
    [10, '7.16.2'],
    [11, '7.17.3'],
  ],
  debugpy: [
    [9, '1.8.21'],
    [10, '1.8.22'],
  ],
  decorator: [[9, '5.3.1']],
  exceptiongroup: [
    [9, '1.3.1'],
    [11, undefined],
  ],
  executing: [[9, '2.3.0']],
  ipdb: [[9, '0.13.13']],
  ipython: [
    [9, '8.18.1'],
    [10, '8.39.0'],
    [11, '9.18.1'],
  ],
  ipython_pygments_lexers: [[11, '1.1.1']],
  jedi: [
    [9, '0.19.2'],
    [10, '0.20.1'],
  ],
  'matplotlib-inline': [[9, '0.2.2']],
  packaging: [[9, '26.3']],
  parso: [[9, '0.8.7']],
  pexpect: [[9, '4.9.0']],
  'prompt-toolkit': [
    [9, '3.0.52'],
    [10, '3.0.53'],
  ],
  psutil: [[11, '7.2.2']],
  ptyprocess: [[9, '0.7.0']],
  pudb: [
    [9, '2025.1.5'],
    [10, '2026.1'],
  ],
  'pure-eval': [[9, '0.2.4']],
  Pygments: [[9, '2.21.0']],
  'stack-data': [[9, '0.6.3']],
  tomli: [
    [9, '2.5.0'],
    [11, undefined],
  ],
  traitlets: [
    [9, '5.15.1'],
    [10, '5.16.1'],
  ],
  'typing-extensions': [[9, '4.16.0']],
  urwid: [
    [9, '4.2.5'],
    [11, '5.1.0'],
  ],
  'urwid-readline': [[9, '0.15.1']],
  wcwidth: [[9, '0.9.4']],
};

/** What each tool is made of. */
const PARTS: Readonly<Record<Tool, readonly string[]>> = {
  coverage: ['coverage', 'tomli'],
  pdb: [],
  ipdb: [
    ...['asttokens', 'decorator', 'exceptiongroup', 'executing', 'ipdb', 'ipython', 'ipython_pygments_lexers', 'jedi'],
    ...['matplotlib-inline', 'parso', 'pexpect', 'prompt-toolkit', 'psutil', 'ptyprocess', 'pure-eval', 'Pygments'],
    ...['stack-data', 'tomli', 'traitlets', 'typing-extensions', 'wcwidth'],
  ],
  pudb: ['jedi', 'packaging', 'parso', 'pudb', 'Pygments', 'typing-extensions', 'urwid', 'urwid-readline', 'wcwidth'],
  debugpy: ['debugpy'],
};

/** The tools that were asked for and that pip installs: pdb comes with Python. */
export function toolsOf({ debugger: name, coverage }: Pick<DebugConfig, 'debugger' | 'coverage'>): readonly Tool[] {
  return [...(name === 'pdb' ? [] : [name]), ...(coverage === undefined ? [] : (['coverage'] as const))];
}

/** What pip installs for `tools` on Python `python` ("3.11"), as lines of a requirements file, each once. Fault
 * (code 2): they can't be had for that Python. */
export function packagesOf(tools: readonly Tool[], python: string): readonly string[] {
  const minor = Number(python.split('.')[1]);
  // What the image has in it is known late: of a Python that was named it was said with the configuration.
  if (tools.some((tool) => tool !== 'pdb') && minor < OLDEST) {
    throw new Fault(`${tools.join(' and ')} can't be had for Python ${python}`, {
      code: ExitCode.usage,
      hint: `Python 3.${OLDEST} or newer is needed; choose another image, or do without.`,
    });
  }
  const parts = new Set(tools.flatMap((tool) => PARTS[tool]));
  return [...parts].flatMap((part) => {
    const version = VERSIONS[part]?.findLast(([from]) => from <= minor)?.[1];
    return version === undefined ? [] : [`${part}==${version}`];
  });
}
