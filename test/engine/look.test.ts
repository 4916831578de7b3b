import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { faultKind } from '../../src/engine/fault.ts';
import { lookInto, parseContents } from '../../src/engine/look.ts';
import { docker } from '../helpers/docker.ts';
import { quiet } from '../helpers/images.ts';
import { engine, image } from './real.ts';

const cacheDirectory = mkdtempSync(join(tmpdir(), 'wsgi-dev-look-test-'));
const imagesDirectory = join(import.meta.dirname, '../../images');
afterAll(() => rmSync(cacheDirectory, { recursive: true }));

const containersFrom = async (ref: string) =>
  (await docker.listContainers({ all: true, filters: { ancestor: [ref] } })).filter(
    ({ Command }) => Command.includes('look-test') || Command.includes('image holds'),
  );

/** The machine's engine, which counts the scripts that it runs. */
function counting(): Engine & { readonly ran: string[] } {
  const ran: string[] = [];
  return {
    ...engine,
    ran,
    run: (ref, script) => {
      ran.push(ref);
      return engine.run(ref, script);
    },
  };
}

test('a script has both outputs, no rights, no network and nothing to write to; no container is left', async () => {
  const script = 'id -u; touch /look-test; cat /proc/self/status; ls /sys/class/net; exit 3';
  const { stdout, stderr } = await engine.run(image, script);
  expect(stdout).toMatch(/^65534\n/);
  expect(stdout).toMatch(/^CapEff:\t0+$/m);
  expect(stdout).toMatch(/^NoNewPrivs:\t1$/m);
  expect(stdout).toMatch(/\nlo\n$/);
  expect(stderr).toMatch(/Read-only file system/);
  expect(await containersFrom(image)).toEqual([]);
});

test('an image that is not there', async () => {
  const error = await engine.run('wsgi-dev/none:1', 'true').catch((thrown: unknown) => thrown);
  expect(faultKind(error)).toBe('no-image');
});

test('an image is looked into once for its id', async () => {
  const it = counting();
  const id = (await engine.image(image))?.id ?? '';
  const look = (of: string, from: Engine = it) =>
    lookInto(
      from,
      { ref: image, image: { id: of, labels: {}, digests: [] } },
      { imagesDirectory, cacheDirectory },
      quiet,
    );
  const contents = await look(id);
  expect(contents).toEqual({
    os: 'Debian GNU/Linux 12 (bookworm)',
    codename: 'bookworm',
    apt: true,
    pythons: [],
  });
  expect(await look(id)).toEqual(contents);
  expect(it.ran).toEqual([id]);
  // The same image by another name of it.
  expect(await look(image)).toEqual(contents);
  expect(it.ran).toEqual([id, image]);
  expect(await containersFrom(image)).toEqual([]);
});

test.each([
  ['', { os: undefined, codename: '', apt: false, pythons: [] }],
  ['os \ncodename \n', { os: undefined, codename: '', apt: false, pythons: [] }],
  [
    'os Ubuntu 24.04.1 LTS\ncodename noble\napt\n',
    { os: 'Ubuntu 24.04.1 LTS', codename: 'noble', apt: true, pythons: [] },
  ],
])('%j', (text, contents) => expect(parseContents(text)).toEqual(contents));

test('each Python once, as it was found first', () => {
  const at = (path: string, more = '') => `python {"path": "${path}", "version": "3.12", "lacks": []${more}}\n`;
  const virtual = ', "sitePackages": "/srv/env/lib/python3.12/site-packages"';
  const text = `noise\n${at('/usr/local/bin/python3.12', virtual)}${at('/usr/local/bin/python3.12')}${at('/usr/bin/python3.12')}`;
  expect(parseContents(text).pythons).toEqual([
    {
      path: '/usr/local/bin/python3.12',
      version: '3.12',
      lacks: [],
      sitePackages: '/srv/env/lib/python3.12/site-packages',
    },
    { path: '/usr/bin/python3.12', version: '3.12', lacks: [] },
  ]);
});
