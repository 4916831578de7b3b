import { describe, expect, test } from 'vitest';
import { inContainer } from '../helpers/docker.ts';
import { get, makeProject } from '../helpers/project.ts';
import { matrix } from '../helpers/pythons.ts';

// Each Python, really built and debugged. Where nothing is in the engine's cache that takes minutes (a base image made
// from the Debian archive, Apache, a compiler), so all of it runs only with WSGI_DEV_MATRIX=1, as .ci/run has it;
// otherwise 3.11 does for the others.
const COLD_MS = 600_000;

const application = `
import sys

import mod_wsgi


def application(environ, start_response):
    name = environ["QUERY_STRING"]
    breakpoint()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Hello, {name}!".encode()]
`;

/** Python, server.mod_wsgi, and mod_wsgi.version as the prompt shows it: forky is no release yet, and moves. */
type Row = readonly [python: string, modWsgi: string, version: RegExp];

const first: readonly Row[] = [
  ['3.11', 'distro', /^\(4, 9, 4\)$/m],
  ['3.11', 'pypi', /^\(6, 1, 1\)$/m],
];
const others: readonly Row[] = [
  ['3.9', 'distro', /^\(4, 7, 1\)$/m],
  ['3.13', 'distro', /^\(5, 0, 2\)$/m],
  ['3.14', 'distro', /^\(\d+, \d+, \d+\)$/m],
  ['3.14', 'pypi', /^\(6, 1, 1\)$/m],
];

/** Runs it, stops at its breakpoint(), says the commands through a pipe, and reads the response. */
async function debugs(python: string, modWsgi: string, version: RegExp): Promise<void> {
  const project = makeProject({
    'wsgi.py': application,
    'wsgi-dev.yaml': `python: ${python}\nserver: {mod_wsgi: ${modWsgi}}\n`,
  });
  const { url, container } = await project.up('--debug');
  const response = get(url, '?Ada');
  response.catch(() => undefined);
  const attached = project.start(['attach']);
  expect(await attached.stdoutSays(/\(Pdb\) $/)).toMatch(/^> \/app\/wsgi\.py\(\d+\)application\(\)$/m);
  attached.child.stdin?.end('p sys.version_info\np mod_wsgi.version\np name\nc\n');
  expect(await response).toEqual({ status: 200, body: 'Hello, Ada!' });
  const { code, stdout } = await attached.result;
  expect(code).toBe(0);
  expect(stdout).toContain(`sys.version_info(major=3, minor=${python.slice(2)}, `);
  expect(stdout).toMatch(version);
  expect(stdout).toMatch(/^'Ada'$/m);
  expect(await compilers(container)).toBe('');
}

/** What could compile something in the container, by command and by package. */
async function compilers(container: string): Promise<string> {
  const look =
    'command -v gcc cc make ld as apxs apxs2; dpkg-query -W apache2-dev gcc "libpython3*-dev" 2>/dev/null; true';
  return await inContainer(container, ['sh', '-c', look], '0');
}

describe('Python 3.11', () => {
  test.each(first)('%s, mod_wsgi of %s', { timeout: COLD_MS }, debugs);
});

describe.runIf(matrix)('every other Python', () => {
  test.each(others)('%s, mod_wsgi of %s', { timeout: COLD_MS }, debugs);
});

test('a mod_wsgi that can’t work with the Python is told before anything is built', async () => {
  const project = makeProject({ 'wsgi.py': application, 'wsgi-dev.yaml': 'server:\n  mod_wsgi: pypi==4.9.4\n' });
  const { code, stderr } = await project.run(['build', '--python', '3.13']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/wsgi-dev\.yaml:2:13: mod_wsgi 4\.9\.4 is too old for Python 3\.13 \(--python 3\.13\), which/);
  expect(stderr).not.toMatch(/Step|Building|Pulling/);
  expect(await project.images()).toEqual([]);
});

test('a version that PyPI has not: 4, and pip’s word', { timeout: COLD_MS }, async () => {
  const project = makeProject({ 'wsgi.py': application, 'wsgi-dev.yaml': 'server: {mod_wsgi: pypi==99.9.9}\n' });
  const { code, stderr } = await project.run(['build']);
  expect(code).toBe(4);
  expect(stderr).toMatch(/No matching distribution found for mod_wsgi==99\.9\.9/);
});
