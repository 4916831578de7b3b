import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { overlay } from '../../src/integrate/compose/overlay.ts';

const template = readFileSync(new URL('../../compose/compose.wsgi-dev.yaml', import.meta.url), 'utf8');
const values = {
  service: 'web',
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
  expect(text).not.toMatch(/SERVICE|: (IMAGE|SETTINGS|USER|PROJECT)$|\[(PORT|ROOT)/m);
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
