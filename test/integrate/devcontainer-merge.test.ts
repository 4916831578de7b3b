import { parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { mergeLaunch, mergeTasks } from '../../src/integrate/devcontainer/editor.ts';
import { featureName } from '../../src/integrate/devcontainer/files.ts';
import { mergeDevcontainer, type Wanted } from '../../src/integrate/devcontainer/merge.ts';

const PATH = '.devcontainer/devcontainer.json';
const wanted: Wanted = {
  name: 'shop',
  from: { image: 'python:3.12' },
  port: 8000,
  packages: { files: ['requirements.txt'], groups: [], extras: [] },
  authorities: false,
};
const merged = (before?: string, path = PATH) => mergeDevcontainer(before, path, wanted);

test('a new one: the Feature on the image', () => {
  const { text, notices } = merged();
  expect(text).toMatch(/^\/\/ Written by `wsgi-dev devcontainer init`/);
  expect(notices).toEqual([]);
  expect(parse(text)).toEqual({
    name: 'shop',
    image: 'python:3.12',
    features: { './wsgi-dev': {} },
    forwardPorts: [8000],
    portsAttributes: { 8000: { label: 'wsgi-dev', onAutoForward: 'notify' } },
    postCreateCommand: 'wsgi-dev install -r requirements.txt debugpy || true',
  });
});

test('a new one: a Dockerfile, and no Feature', () => {
  const { text } = mergeDevcontainer(undefined, PATH, { ...wanted, from: { dockerfile: 'Dockerfile', user: 'dev' } });
  expect(parse(text)).toMatchObject({
    build: { dockerfile: 'Dockerfile', context: 'wsgi-dev' },
    remoteUser: 'dev',
    forwardPorts: [8000],
  });
  expect(parse(text).features).toBeUndefined();
});

test('authorities: pip and the like are told of them, unless they were told already', () => {
  const { text } = mergeDevcontainer('{ "containerEnv": { "PIP_CERT": "/ours" } }', PATH, {
    ...wanted,
    authorities: true,
  });
  expect(parse(text).containerEnv).toMatchObject({
    PIP_CERT: '/ours',
    SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt',
  });
  expect(parse(merged().text).containerEnv).toBeUndefined();
});

test('what uv installs is named with its groups and extras', () => {
  const packages = { files: ['uv.lock'], groups: ['dev'], extras: ["it's"] };
  expect(parse(mergeDevcontainer(undefined, PATH, { ...wanted, packages }).text).postCreateCommand).toBe(
    "wsgi-dev install -r uv.lock --group dev --extra 'it'\\''s' debugpy || true",
  );
});

describe('one that is there', () => {
  const before = [
    '// ours',
    '{',
    '\t"name": "Shop", // the shop',
    '\t"build": { "dockerfile": "Dockerfile" },',
    '\t/* tools */',
    '\t"features": {',
    '\t\t"ghcr.io/devcontainers/features/python:1": { "version": "3.12" }, // newest',
    '\t},',
    '\t"forwardPorts": [5432],',
    '\t"postCreateCommand": "make setup",',
    '}',
    '',
  ].join('\n');

  test('gets what it lacks, and keeps its comments, its tabs and its words', () => {
    const { text } = merged(before);
    for (const kept of [
      '// ours',
      '\t"name": "Shop", // the shop',
      '\t/* tools */',
      '{ "version": "3.12" }, // newest',
    ]) {
      expect(text).toContain(kept);
    }
    expect(text).not.toMatch(/^ +"/m);
    expect(text).toContain('"forwardPorts": [5432, 8000],\n');
    expect(parse(text)).toMatchObject({
      build: { dockerfile: 'Dockerfile' },
      features: { 'ghcr.io/devcontainers/features/python:1': { version: '3.12' }, './wsgi-dev': {} },
      overrideFeatureInstallOrder: ['ghcr.io/devcontainers/features/python'],
      forwardPorts: [5432, 8000],
      postCreateCommand: 'make setup && (wsgi-dev install -r requirements.txt debugpy || true)',
    });
  });

  test('a second time nothing is new', () => {
    const { text } = merged(before);
    expect(merged(text).text).toBe(text);
  });

  test('Windows line ends stay', () => {
    expect(merged(before.replaceAll('\n', '\r\n')).text).not.toMatch(/[^\r]\n/);
  });

  test('commands that are a list are told, those by name get another', () => {
    const list = merged('{ "postCreateCommand": ["make", "it"] }');
    expect(parse(list.text)).toMatchObject({ postCreateCommand: ['make', 'it'] });
    expect(list.notices).toEqual([
      expect.stringMatching(/have postCreateCommand run this too: wsgi-dev install -r requirements/),
    ]);
    expect(parse(merged('{ "postCreateCommand": { "one": "make" } }').text)).toMatchObject({
      postCreateCommand: { one: 'make', 'wsgi-dev': expect.stringContaining('wsgi-dev install') },
    });
  });

  test('the command of an earlier wsgi-dev stays', () => {
    const command = '/opt/wsgi-dev-venv/bin/pip install debugpy';
    expect(parse(merged(JSON.stringify({ postCreateCommand: command })).text).postCreateCommand).toBe(command);
  });

  test.each(['ghcr.io/somebody/features/wsgi-dev:1', './mine/wsgi-dev'])('the Feature %s is enough', (name) => {
    expect(parse(merged(JSON.stringify({ features: { [name]: {} } })).text).features).toEqual({ [name]: {} });
  });

  test.each([
    ['{ "a": 1 "b": 2 }', /devcontainer\.json:1:10: this is no JSON with comments/],
    ['[]', /expected an object/],
    ['{\n  "a"\n}', /devcontainer\.json:3:1: /],
  ])('%j is refused', (text, said) => {
    expect(() => merged(text)).toThrow(said);
  });
});

test.each([
  [PATH, './wsgi-dev'],
  ['.devcontainer.json', './.devcontainer/wsgi-dev'],
  ['.devcontainer/shop/devcontainer.json', '../wsgi-dev'],
])('%s names the Feature %s', (path, name) => {
  expect(featureName(path)).toBe(name);
});

test('launch.json and tasks.json get their entries once, among those there are', () => {
  const launch = mergeLaunch('{\n  "configurations": [\n    { "name": "mine" } // my own\n  ]\n}\n', 'launch.json');
  expect(launch).toContain('// my own');
  const [mine, added] = parse(launch).configurations;
  expect(mine).toEqual({ name: 'mine' });
  const folder = `\${workspaceFolder}`;
  expect(added).toMatchObject({
    type: 'debugpy',
    request: 'attach',
    connect: { host: '127.0.0.1', port: 5678 },
    pathMappings: [{ localRoot: folder, remoteRoot: folder }],
  });
  expect(mergeLaunch(launch, 'launch.json')).toBe(launch);

  const tasks = mergeTasks(undefined, 'tasks.json');
  const { label } = parse(tasks).tasks.find(({ isBackground }: { isBackground?: boolean }) => isBackground);
  expect(added.preLaunchTask).toBe(label);
  expect(mergeTasks(tasks, 'tasks.json')).toBe(tasks);
  expect(parse(mergeTasks('{ "tasks": [{ "label": "x" }] }', 'tasks.json')).tasks).toHaveLength(4);
});
