import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { useProject } from '../helpers/session-project.ts';

// A file that is another user's: who that is, and how to run as that one, in the same breath as the error.

const project = useProject();
const OPENED = 'open(os.path.join(os.path.dirname(__file__), "secret")).read()';
const HINT =
  '/app/secret belongs to the user 4321, and this runs as 1234:1234: `--user 4321:4322` runs it as that user\n';
const script = (before: string, inside: string): string => `\
import os
${before}

def application(environ, start_response):
    ${inside}
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"done"]
`;

beforeAll(async () => {
  project.write('wsgi.py', script('', 'pass'));
  project.write('secret', 'a key\n');
  chownSync(join(project.directory, 'secret'), 4321, 4322);
  chmodSync(join(project.directory, 'secret'), 0o600);
  await project.build();
});
afterEach(project.clear);

test.each([['--debug'], ['--reload']])('as the application is loaded (%s)', async (mode) => {
  project.write('wsgi.py', script(OPENED, 'pass'));
  const { code, stderr } = await project.run(['up', '-d', '--port', '0', mode]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`wsgi-dev: ${HINT}`) });
  chmodSync(project.directory, 0o777);
  const other = await project.run(['up', '-d', '--port', '0', mode, '--user', '4321:4322']);
  expect(other).toMatchObject({ code: 0 });
});

test('in a request, once', async () => {
  project.write('wsgi.py', script('', OPENED));
  const terminal = await project.up(['--no-post-mortem']);
  expect(await project.get('/')).toMatchObject({ status: 500 });
  await terminal.until(new RegExp(`wsgi-dev: ${HINT}`));
  expect(await project.get('/')).toMatchObject({ status: 500 });
  expect(await project.get('/again')).toMatchObject({ status: 500 });
  await terminal.until(/"GET \/again [^\n]* ms\n/);
  expect(terminal.screen.text().match(/belongs to/g)).toHaveLength(1);
});
