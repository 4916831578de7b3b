import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { overlay } from '../../src/integrate/compose/overlay.ts';
import { asides } from '../../src/integrate/compose/overlay-places.ts';

const template = readFileSync(new URL('../../compose/compose.wsgi-dev.yaml', import.meta.url), 'utf8');
const values = {
  service: 'web',
  files: '-f docker-compose.yml -f compose.wsgi-dev.yaml',
  image: 'wsgi-dev/shop:compose',
  settings: '{"app":"$5"}',
  port: '127.0.0.1:8000:8765',
  user: '1000:1000',
  root: './:/app',
  state: './.wsgi-dev/run:/run/wsgi-dev',
  project: 'shop',
};
const made = (before?: string, more: object = {}) => overlay(template, before, { ...values, ...more }, 'x.yaml');

it('fills the template in, each $ twice', () => {
  const text = made();
  expect(parse(text, { logLevel: 'silent' }).services.web).toMatchObject({
    image: 'wsgi-dev/shop:compose',
    environment: { WSGI_DEV_SETTINGS: '{"app":"$$5"}' },
    ports: ['127.0.0.1:8000:8765'],
    volumes: ['./:/app', './.wsgi-dev/run:/run/wsgi-dev'],
    labels: { 'dev.wsgi-dev.project': 'shop' },
    ...{ stdin_open: true, tty: true, init: true, stop_signal: 'SIGTERM', cap_drop: ['ALL'], user: '1000:1000' },
  });
  expect(text).toMatch(/ports: !override/);
  expect(text).toMatch(/^# {3}docker compose -f docker-compose\.yml -f compose\.wsgi-dev\.yaml up -d$/m);
  expect(text).not.toMatch(/SERVICE|FILES|: (IMAGE|SETTINGS|USER|PROJECT)$|\[(PORT|ROOT)/m);
});

it('written again, it is the same', () => {
  expect(made(made())).toBe(made());
});

it('keeps what was changed, but for what is its own', () => {
  const changed = made().replace('127.0.0.1:8000:8765', '127.0.0.1:9:8765').replace('tty: true', 'tty: true # why not');
  const again = made(changed, { image: 'wsgi-dev/shop:other', port: '127.0.0.1:1:2', settings: '{}' });
  expect(again).toContain('127.0.0.1:9:8765');
  expect(again).toContain('tty: true # why not');
  expect(again).toContain('image: wsgi-dev/shop:other');
  expect(parse(again, { logLevel: 'silent' }).services.web.environment.WSGI_DEV_SETTINGS).toBe('{}');
});

/** What the server is told where the port entry is 127.0.0.1:HOST:INSIDE, and that entry. */
function listening(host: number, inside: number) {
  const settings = JSON.stringify({ listen: `0.0.0.0:${inside}`, url: `http://127.0.0.1:${host}/`, app: '$5' });
  return { settings, port: `127.0.0.1:${host}:${inside}` };
}

/** The file with its environment as a list. */
function asList(text: string): string {
  return text.replace(/WSGI_DEV_SETTINGS: '?(.*?)'?$/m, "- 'WSGI_DEV_SETTINGS=$1'");
}

describe('a port that the file has already', () => {
  const before = made(undefined, listening(8000, 8765));
  it.each([
    ['on another port inside', before, listening(8000, 9000), '127.0.0.1:8000:9000'],
    ['on another port outside', before, listening(80, 8765), '127.0.0.1:80:8765'],
    ['from port 80', made(undefined, listening(80, 80)), listening(8000, 80), '127.0.0.1:8000:80'],
    ["somebody's own", before.replace('[127.0.0.1:8000', '[127.0.0.1:9'), listening(8000, 9000), '127.0.0.1:9:8765'],
    ['of settings in a list', asList(before), listening(8000, 9000), '127.0.0.1:8000:9000'],
    ['of settings that nobody reads', before.replace('listen', 'l'), listening(8000, 9000), '127.0.0.1:8000:8765'],
  ])('%s', (_name, file, values, expected) => {
    expect(parse(made(file, values), { logLevel: 'silent' }).services.web.ports).toEqual([expected]);
  });
});

describe('volumes that the file has already', () => {
  const service = (...volumes: readonly unknown[]) => JSON.stringify({ services: { web: { volumes } } });
  const state = './.wsgi-dev/run:/run/wsgi-dev';
  it.each([
    ["somebody's own, which stay", service('data:/data'), ['data:/data', './:/app', state]],
    ['of another directory', service('./old:/app', '../run:/run/wsgi-dev'), ['./:/app', state]],
    ['with a mode', service('./old:/app:cached', state), ['./:/app:cached', state]],
    ['written in another way', service('.:/app', './.wsgi-dev/../.wsgi-dev/run/:/run/wsgi-dev'), undefined],
    [
      'in the long form',
      service({ type: 'bind', source: './old', target: '/app' }, state),
      [{ type: 'bind', source: './', target: '/app' }, state],
    ],
  ])('%s', (_name, file, expected) => {
    const read = (text: string) => parse(text, { logLevel: 'silent' }).services.web.volumes;
    expect(read(made(file))).toEqual(expected ?? read(file));
  });
});

describe('what stays and is at odds with the project is told', () => {
  const web = (rest: string) => `services:\n  web:\n${rest}`;
  const port = 'its `ports` lead to 9000, and the server listens on 8765';
  const user = "it runs as the user 0, and the project is 1000:1000's";
  it.each([
    ['a port that leads elsewhere', web('    ports: !override ["80:9000/tcp"]\n'), [port]],
    ['in the long form', web('    ports: !override [{target: 9000}]\n'), [port]],
    ['one of several leads there', web('    ports: !override ["1:9000", "8765"]\n'), []],
    ['none', web('    ports: !override []\n'), []],
    ["besides the compose file's own", web('    ports: ["80:9000"]\n'), []],
    ['a variable', web('    ports: !override ["80:$PORT"]\n    user: "$UID:$UID"\n'), []],
    ['a user', web('    user: 0\n'), [user]],
    ['the same user', web('    user: 1000\n'), []],
    ['what was written', made(), []],
  ])('%s', (_name, file, expected) => {
    expect(asides(made(file), values)).toEqual(expected);
  });
});

it('knows variables and labels as lists', () => {
  const before =
    'services:\n  web:\n    environment:\n      - A=1 # one\n      - WSGI_DEV_SETTINGS=old\n    labels: []\n';
  const text = made(before);
  expect(parse(text, { logLevel: 'silent' }).services.web).toMatchObject({
    environment: ['A=1', 'WSGI_DEV_SETTINGS={"app":"$$5"}'],
    labels: ['dev.wsgi-dev.project=shop'],
  });
  expect(text).toContain('- A=1 # one');
});

it('adds a second service beside the first', () => {
  const both = parse(made(made(), { service: 'admin' }), { logLevel: 'silent' });
  expect(Object.keys(both.services)).toEqual(['web', 'admin']);
});

it('refuses what is no YAML', () => {
  expect(() => made('services: [')).toThrow(/x\.yaml is no valid YAML/);
});
