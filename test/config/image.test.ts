import { expect, test } from 'vitest';
import { parseImage } from '../../src/config/base.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { project } from './project.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  'python',
  'python:3.12-slim',
  'python:3.12-slim-bookworm',
  'wsgi-dev/base:bookworm',
  'localhost:5000/shop',
  '127.0.0.1:5000/team/my_shop__x:V1.0',
  `registry.example/team/shop@${digest}`,
  `python:3.12@${digest}`,
])('%j is an image', (text) => expect(parseImage(text)).toEqual({ value: text }));

test.each([
  '',
  'Python',
  'python:',
  'python:3.12 slim',
  '-v',
  '/python',
  'python/',
  'a//b',
  'python@sha256:12',
  'https://x/y',
  'x'.repeat(500),
])('%j is none', (text) => expect(parseImage(text)).toHaveProperty('fault'));

const wsgi = { 'wsgi.py': 'application = 1\n' };
const at = (value: unknown, place: string) => ({ value, where: `wsgi-dev.yaml:${place}` });

test('image: with all that is said of it, and where', async () => {
  const yaml = 'image: team/shop:2\npython: 3.12\nserver: {mod_wsgi: pypi}\n';
  const { config } = await resolveConfig({}, {}, project({ ...wsgi, 'wsgi-dev.yaml': yaml }));
  expect(config.base).toEqual({
    kind: 'image',
    image: at('team/shop:2', '1:8'),
    python: at('3.12', '2:9'),
    modWsgi: at({ kind: 'pypi', version: undefined }, '3:20'),
  });
});

test('what depends on the image is judged when it is known', async () => {
  const yaml = 'image: team/shop:2\npython: 3.13\nserver: {mod_wsgi: pypi==4.9.4}\n';
  const { config } = await resolveConfig({}, {}, project({ ...wsgi, 'wsgi-dev.yaml': yaml }));
  expect(config.base).toMatchObject({ kind: 'image' });
});

test('a Python of no suite is the official image', async () => {
  const { config } = await resolveConfig({}, {}, project({ ...wsgi, 'wsgi-dev.yaml': 'python: 3.10\n' }));
  expect(config.base).toEqual({
    kind: 'image',
    image: at('python:3.10-slim', '1:9'),
    python: at('3.10', '1:9'),
    modWsgi: undefined,
  });
});

test('--image goes before WSGI_DEV_IMAGE, and that before the files', async () => {
  const directory = project({ ...wsgi, 'wsgi-dev.yaml': 'image: file\n' });
  const imageFor = async (flags: { image?: string }, env: Record<string, string>) => {
    const { config } = await resolveConfig(flags, env, directory);
    return 'image' in config.base ? config.base.image : undefined;
  };
  expect(await imageFor({}, {})).toEqual(at('file', '1:8'));
  expect(await imageFor({}, { WSGI_DEV_IMAGE: 'env' })).toEqual({ value: 'env', where: 'WSGI_DEV_IMAGE=env' });
  expect(await imageFor({ image: 'flag' }, { WSGI_DEV_IMAGE: 'env' })).toEqual({
    value: 'flag',
    where: '--image flag',
  });
});
