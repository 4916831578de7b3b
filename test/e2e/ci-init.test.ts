import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hello, makeProject } from '../helpers/project.ts';

test('writes for the CI that the project has, and over nothing unasked', async () => {
  const project = makeProject({ 'wsgi.py': hello(), '.gitlab-ci.yml': 'test: {script: [make]}\n' });
  const read = (path: string): string => readFileSync(join(project.directory, path), 'utf8');
  expect(await project.run(['ci', 'init', 'github', 'make'])).toMatchObject({ code: 0 });
  expect(read('.github/workflows/wsgi-dev.yaml')).toContain('wsgi-dev@');
  expect(read('Makefile')).toContain('\tnpx --yes wsgi-dev@');
  const kept = await project.run(['ci', 'init', 'gitlab']);
  expect(kept).toMatchObject({ code: 2, stdout: expect.stringContaining('junit: wsgi-dev-report/junit.xml') });
  expect(kept.stderr).toContain('.gitlab-ci.yml (add the job `scenarios` to it)');
  expect(read('.gitlab-ci.yml')).toBe('test: {script: [make]}\n');
  expect(await project.run(['ci', 'init', 'gitlab', '--force'])).toMatchObject({ code: 0 });
  expect(read('.gitlab-ci.yml')).toContain('junit');
  expect(await project.run(['ci', 'init'])).toMatchObject({ code: 2 });
  expect(await project.run(['ci', 'init', 'jenkins'])).toMatchObject({ code: 2 });
  project.write({ 'wsgi-dev.lock': 'lock: 1\n' });
  expect(await project.run(['ci', 'init', 'make', '--force'])).toMatchObject({ code: 0 });
  expect(read('Makefile')).toContain(' --frozen ');
});
