import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { useProject } from '../helpers/session-project.ts';

// What a site's file includes is a part of it: an edit of it is seen by the next `up`.

const project = useProject();
const SITE = `\
Define CONF /app/deploy
WSGIScriptAlias / /app/deploy/app.wsgi
<Directory /app/deploy>
    Require all granted
</Directory>
Include \${CONF}/extra/common.conf
IncludeOptional more/*.conf
IncludeOptional local.conf
`;
const SCRIPT = `\
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ.get("X_FROM", "").encode()]
`;

beforeAll(async () => {
  project.write('deploy/site.conf', SITE);
  project.write('deploy/app.wsgi', SCRIPT);
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {apache_config: deploy/site.conf}\n`);
  mkdirSync(join(project.directory, 'deploy/more'));
  await project.build();
});
afterEach(project.clear);

/** What `up` has come to, and what the application then sees. */
async function up(...options: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await project.run(['up', '-d', '--port', '0', ...options]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const page = await fetch(stdout.trim().split('\n').at(-1) ?? '');
  return [/^(Ready|Running) in the background/m.exec(stderr)?.[1] ?? stderr, await page.text()];
}

test.each([['--debug'], ['']])('an edit, a new file and one that is gone are seen: %s', async (mode) => {
  const options = mode === '' ? [] : [mode];
  const from = (file: string, text: string): void => project.write(`deploy/${file}`, `SetEnv X_FROM ${text}\n`);
  from('extra/common.conf', 'one');
  expect(await up(...options)).toEqual(['Ready', 'one']);
  expect(await up(...options)).toEqual(['Running', 'one']);
  from('extra/common.conf', 'two');
  expect(await up(...options)).toEqual(['Ready', 'two']);
  from('more/new.conf', 'new');
  expect(await up(...options)).toEqual(['Ready', 'new']);
  from('local.conf', 'local');
  expect(await up(...options)).toEqual(['Ready', 'local']);
  expect(await up(...options)).toEqual(['Running', 'local']);
  for (const file of ['more/new.conf', 'local.conf']) rmSync(join(project.directory, 'deploy', file));
  expect(await up(...options)).toEqual(['Ready', 'two']);
});

test('a mistake in it is told', async () => {
  project.write('deploy/extra/common.conf', 'SetEnv X_FROM one\n');
  await up('--debug');
  project.write('deploy/extra/common.conf', 'SetEnvv X_FROM one\n');
  const { code, stderr } = await project.run(['up', '-d', '--debug', '--port', '0']);
  expect(stderr).toContain("deploy/extra/common.conf:1: Invalid command 'SetEnvv'");
  expect(code).toBe(2);
});
