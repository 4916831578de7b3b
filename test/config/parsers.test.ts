import { describe, expect, it } from 'vitest';
import { parseEnvText } from '../../src/config/envfile.ts';
import type { Environment } from '../../src/config/flags.ts';
import { interpolate } from '../../src/config/interpolate.ts';
import { nameOf } from '../../src/config/name.ts';
import {
  isLoopback,
  parseDeployed,
  parseEnvEntry,
  parseMount,
  parseName,
  parsePort,
  parsePython,
  parseUrlPath,
  parseUser,
  toName,
} from '../../src/config/parsers.ts';
import { parseTarget } from '../../src/config/target.ts';

const fault = { fault: expect.any(String) };

it.each<readonly [string, string | undefined]>([
  ['8000', '127.0.0.1 8000'],
  ['0', '127.0.0.1 0'],
  ['65535', '127.0.0.1 65535'],
  ['0.0.0.0:80', '0.0.0.0 80'],
  ['localhost:80', '127.0.0.1 80'],
  ['[::1]:80', '::1 80'],
  ['[0:0:0:0:0:0:0:1]:80', '::1 80'],
  ['[::]:80', ':: 80'],
  ['65536', undefined],
  ['', undefined],
  ['http', undefined],
  [':80', undefined],
  ['::1:80', undefined],
  ['[::1]', undefined],
  ['[::1%eth0]:80', undefined],
  ['[127.0.0.1]:80', undefined],
  ['example.org:80', undefined],
  ['127.0.0.1:', undefined],
  ['256.0.0.1:80', undefined],
  ['127.1:80', undefined],
  ['8000 ', undefined],
  ['+80', undefined],
  ['0x50', undefined],
  ['8000:80:1', undefined],
])('port %j', (text, expected) => {
  const result = parsePort(text);
  expect('value' in result ? `${result.value.host} ${result.value.port}` : undefined).toBe(expected);
});

it.each([
  ['127.0.0.1', true],
  ['127.8.0.1', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.0.1', false],
  ['::ffff:7f00:1', false],
])('loopback %s', (host, expected) => expect(isLoopback(host)).toBe(expected));

it.each([
  ['1000', true],
  ['1000:1000', true],
  ['0:0', true],
  ['me', false],
  ['1000:', false],
  [':5', false],
  ['-1', false],
  ['4294967295', false],
  ['1:2:3', false],
])('user %j', (text, good) => expect('value' in parseUser(text)).toBe(good));

it.each([
  ['3.9', true],
  ['3.14', true],
  ['3.1', false],
  ['3.10', true],
  ['3.8', false],
  ['3.09', false],
  ['3.111', false],
  ['3', false],
  ['3.11.2', false],
  ['', false],
])('python %j', (text, good) => expect('value' in parsePython(text)).toBe(good));

it.each([
  ['My Shop', 'my-shop'],
  ['shop', 'shop'],
  ['_shop_', 'shop'],
  ['Café été', 'cafe-ete'],
  ['a_-_b___c', 'a-b-c'],
  ['日本', 'project'],
  ['...', 'project'],
  ['x'.repeat(80), 'x'.repeat(63)],
])('name of the directory %j', (text, expected) => {
  expect(toName(text)).toBe(expected);
  expect(parseName(expected)).toEqual({ value: expected });
});

it('a directory whose name is all of another script has its path in the name', () => {
  const names = ['/a/日本語', '/a/中文', '/b/中文'].map(nameOf);
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^project-[0-9a-f]{6}$/);
  expect(names[0]).toBe(nameOf('/a/日本語'));
  expect(nameOf('/a/project')).toBe('project');
});

it.each([['A'], ['-a'], ['a-'], ['a___b'], ['a.b'], [''], ['a'.repeat(64)]])('explicit name %j is refused', (text) =>
  expect(parseName(text)).toEqual(fault),
);

it.each([
  ['/', '/'],
  ['/shop', '/shop'],
  ['/shop/', '/shop'],
  ['/a/b.c~', '/a/b.c~'],
])('URL path %j', (text, value) => expect(parseUrlPath(text)).toEqual({ value }));

it.each([[''], ['a'], ['//'], ['/a//b'], ['/a b'], ['/a?b'], ['/..'], ['/"']])('URL path %j is refused', (text) =>
  expect(parseUrlPath(text)).toEqual(fault),
);

it.each([
  ['/srv/shop/', '/srv/shop'],
  ['%INSTALLDIR%', '%INSTALLDIR%'],
  ['<path-to-bin-dir>', '<path-to-bin-dir>'],
])('path of a deployment %j', (text, value) => expect(parseDeployed(text)).toEqual({ value }));

it.each([['srv'], ['<path to>'], ['%A B%'], ['/srv/a b']])('path of a deployment %j is refused', (text) =>
  expect(parseDeployed(text)).toEqual(fault),
);

it.each([
  ['A=1', { key: 'A', value: '1' }],
  ['A=', { key: 'A', value: '' }],
  ['A=b=c', { key: 'A', value: 'b=c' }],
  ['A', { key: 'A', value: undefined }],
])('env %j', (text, value) => expect(parseEnvEntry(text)).toEqual({ value }));

it.each([[''], ['=1'], ['1A=2'], ['A B=1']])('env %j is refused', (text) => expect(parseEnvEntry(text)).toEqual(fault));

it.each([
  ['./a:/b', { source: './a', target: '/b', readOnly: false }],
  ['/a:/b/:ro', { source: '/a', target: '/b', readOnly: true }],
  ['~/a:/b:rw', { source: '~/a', target: '/b', readOnly: false }],
])('mount %j', (text, value) => expect(parseMount(text)).toEqual({ value }));

it.each<readonly [string, string | undefined]>([
  ['shop.wsgi:application', 'file shop.wsgi application'],
  ['shop:create_app()', 'module shop create_app()'],
  ['shop', 'module shop -'],
  ['a/b.wsgi', 'file a/b.wsgi -'],
  ['my-app.py:app', 'file my-app.py app'],
  ['./x.py', 'file ./x.py -'],
  ['été:app', 'module été app'],
  ['', undefined],
  [' ', undefined],
  ['shop:', undefined],
  [':app', undefined],
  ['shop..x:app', undefined],
  ['.shop:app', undefined],
  ['my-shop:app', undefined],
  ['shop:app.server', undefined],
  ['shop:1app', undefined],
  ['shop:create_app("x")', undefined],
  ['shop:create_app(', undefined],
  ['shop:()', undefined],
])('app %j', (text, expected) => {
  const result = parseTarget(text);
  if (!('value' in result)) return expect(expected).toBeUndefined();
  const { value } = result;
  const callable = value.callable === undefined ? '-' : value.callable.name + (value.callable.factory ? '()' : '');
  expect(`${value.kind} ${value.kind === 'file' ? value.path : value.module} ${callable}`).toBe(expected);
});

describe('interpolation, with # for $ before a brace', () => {
  const fill = (text: string, env: Environment) => interpolate(text.replaceAll('#{', `$${'{'}`), env);
  const env = { A: 'a', EMPTY: '', B: 'b$A' };
  it.each<readonly [string, string | undefined]>([
    ['plain', 'plain'],
    ['$A', 'a'],
    ['x#{A}y', 'xay'],
    ['$A$B', 'ab$A'],
    ['$$A', '$A'],
    ['$$$A', '$a'],
    ['#{EMPTY:-x}', 'x'],
    ['#{EMPTY-x}', ''],
    ['#{NONE:-x}', 'x'],
    ['#{NONE-x}', 'x'],
    ['#{NONE:-#{A}}', 'a'],
    ['#{NONE:-#{ALSO:-c}}d', 'cd'],
    ['#{A:+x}', 'x'],
    ['#{EMPTY:+x}', ''],
    ['#{EMPTY+x}', 'x'],
    ['#{A:?must}', 'a'],
    ['#{EMPTY?must}', ''],
    ['#{EMPTY:?must}', undefined],
    ['#{NONE?must}', undefined],
    ['#{NONE:-a:-b}', 'a:-b'],
    ['$NONE', ''],
    ['#{', undefined],
    ['#{A', undefined],
    ['#{}', undefined],
    ['#{1}', undefined],
    ['$1', undefined],
    ['a $ b', undefined],
    ['#{A B}', undefined],
  ])('%s', (text, expected) => {
    const result = fill(text, env);
    expect('text' in result ? result.text : undefined).toBe(expected);
  });

  it('names what is unset', () => expect(fill('$X #{Y-z} #{Z}', {})).toEqual({ text: ' z ', unset: ['X', 'Z'] }));
});

describe('env files', () => {
  it.each<readonly [string, Readonly<Record<string, string | undefined>>]>([
    ['A=1', { A: '1' }],
    ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['\n# note\n  # more\nA=1', { A: '1' }],
    ['export A=1', { A: '1' }],
    ['  A = 1  ', { A: '1' }],
    ['A=', { A: '' }],
    ['A', { A: undefined }],
    ['A=a b # note', { A: 'a b' }],
    ['A=a#b', { A: 'a#b' }],
    ['A= # note', { A: '' }],
    ['A="a # b" # note', { A: 'a # b' }],
    ["A='a\\n$B'", { A: 'a\\n$B' }],
    ['A="a\\nb\\"c\\\\"', { A: 'a\nb"c\\' }],
    ['A="a\nb"\nB=1', { A: 'a\nb', B: '1' }],
    ["A=it's", { A: "it's" }],
    ['A=$B', { A: '$B' }],
    ['A=1\nA=2', { A: '2' }],
  ])('%j', (text, expected) => {
    const { values, problems } = parseEnvText(text, '.env');
    expect(problems).toEqual([]);
    expect(Object.fromEntries(values)).toEqual(expected);
  });

  it.each<readonly [string, readonly string[]]>([
    ['A=1\n  some words\nB=2\n=3', ['.env:2:3', '.env:4:1']],
    ['A="open\nB=2', ['.env:1:1']],
    ['A="x" y', ['.env:1:1']],
    ['1A=2', ['.env:1:1']],
  ])('%j is refused', (text, expected) => {
    expect(parseEnvText(text, '.env').problems.map(({ where }) => where)).toEqual(expected);
  });
});
