import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { readInstalled } from '../../src/engine/installed.ts';
import { quiet } from '../helpers/images.ts';
import { engine, image } from './real.ts';

const directories = {
  imagesDirectory: join(import.meta.dirname, '../../images'),
  cacheDirectory: mkdtempSync(join(tmpdir(), 'wsgi-dev-installed-test-')),
};
afterAll(() => rmSync(directories.cacheDirectory, { recursive: true }));

const answering = (stdout: string): Engine => ({ ...engine, run: async () => ({ stdout, stderr: '' }) });

test('what could not be told to the end is an error, and is asked again', async () => {
  // A base image has no Python of the application.
  for (let times = 0; times < 2; times += 1) {
    await expect(readInstalled(engine, image, directories, quiet)).rejects.toThrow(
      expect.objectContaining({ code: 4, message: `What is installed in ${image} can't be told` }),
    );
  }
  const whole = 'architecture amd64\napt apache2=2.4\npython 3.11.2\nend\n';
  const installed = await readInstalled(answering(whole), image, directories, quiet);
  expect(installed).toMatchObject({ architecture: 'amd64', apache: '2.4', python: '3.11.2' });
  expect(await readInstalled(answering(''), image, directories, quiet)).toEqual(installed);
});

test('an image that is gone', async () => {
  await expect(readInstalled(engine, 'wsgi-dev/none:1', directories, quiet)).rejects.toThrow(
    expect.objectContaining({ code: 3 }),
  );
});
