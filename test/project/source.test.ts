import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readSource } from '../../src/project/source.ts';

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'wsgi-dev-source-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('links are followed where they stay inside; what tools leave is no source', async () => {
  const [root, outside] = [await directory(), await directory()];
  writeFileSync(join(outside, 'secret'), 'x');
  for (const name of ['shop', '__pycache__']) mkdirSync(join(root, name));
  for (const path of ['wsgi.py', 'shop/views.py', '__pycache__/wsgi.pyc']) writeFileSync(join(root, path), path);
  symlinkSync('wsgi.py', join(root, 'app.py'));
  symlinkSync(join(outside, 'secret'), join(root, 'secret'));
  symlinkSync('nowhere', join(root, 'lost'));
  const files = await readSource(root);
  expect(files.map(({ path, content }) => [path, String(content)])).toEqual([
    ['app.py', 'wsgi.py'],
    ['shop/views.py', 'shop/views.py'],
    ['wsgi.py', 'wsgi.py'],
  ]);
});

test('of a directory that is left out nothing is read, of others with such a name all', async () => {
  const root = await directory();
  for (const name of ['report', 'reports', 'shop']) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'x'), name);
  }
  expect((await readSource(root, 'report')).map(({ path }) => path)).toEqual(['reports/x', 'shop/x']);
});
