import { describe, expect, it } from 'vitest';
import { scenarioOf } from './parsed.ts';

const least = 'steps: [{request: GET /}]';

it('has a default for everything but the steps', () => {
  const where = 'tests/cart.scenario.yaml';
  expect(scenarioOf(least)).toEqual({
    name: 'cart',
    file: where,
    shown: where,
    directory: '/nowhere/shop/tests',
    description: undefined,
    tags: [],
    skip: undefined,
    only: false,
    timeoutMs: 120_000,
    stepTimeoutMs: 10_000,
    layer: expect.objectContaining({ breaks: [], postMortem: { value: true, where } }),
    vars: {},
    each: undefined,
    before: [],
    after: [],
    normalize: [],
    steps: [
      {
        kind: 'request',
        line: 1,
        column: 9,
        name: undefined,
        method: 'GET',
        path: '/',
        headers: {},
        body: undefined,
        cookies: {},
        keepCookies: true,
      },
    ],
  });
});

it('reads every key of the file', () => {
  const scenario = scenarioOf(
    `
name: 42
description: a few words
tags: [slow, 3]
skip: not today
only: true
timeout: 60
step_timeout: 1.5
config:
  python: 3.13
  env: {DEBUG: 1, HOME_IS: "\${HOME}"}
  debug: {break: ["a.py:1"], post_mortem: true}
break: ["b.py:2 if x"]
post_mortem: false
vars: {item: 3, list: [1, null], off: null}
each: [{a: 1}, {a: null}]
before: [make, {command: migrate, expect: OK, code: 2, save: out}]
after: ["rm \${out}"]
normalize: [{pattern: "id=\\\\d+$", with: id=N}]
${least}
`,
    { HOME: '/h' },
  );
  expect(scenario).toMatchObject({
    name: '42',
    description: 'a few words',
    tags: ['slow', '3'],
    skip: 'not today',
    only: true,
    timeoutMs: 60_000,
    stepTimeoutMs: 1500,
    layer: {
      python: { value: '3.13', where: 'tests/cart.scenario.yaml:10:11' },
      env: { DEBUG: '1', HOME_IS: '/h' },
      breaks: ['a.py:1', 'b.py:2 if x'],
      postMortem: { value: false },
    },
    vars: { item: 3, list: [1, null], off: null },
    each: [{ a: 1 }, { a: null }],
    before: [
      { kind: 'run', line: 17, column: 10, command: 'make', expect: undefined, code: 0, save: [] },
      {
        command: 'migrate',
        expect: [{ kind: 'text', text: 'OK' }],
        code: 2,
        save: [{ name: 'out', from: { kind: 'whole' } }],
      },
    ],
    after: [{ command: 'rm $' + '{out}' }],
    normalize: [{ pattern: 'id=\\d+$', with: 'id=N', why: 'a rule of the scenario (line 19)' }],
  });
});

it.each([
  ['skip: true', 'skip: true'],
  ['skip: false', undefined],
  ['skip:', undefined],
  ['skip: later', 'later'],
])('%s', (line, expected) => {
  expect(scenarioOf(`${line}\n${least}`).skip).toBe(expected);
});

it.each([
  ['', true],
  ['post_mortem: false', false],
  ['config: {debug: {post_mortem: false}}', false],
  ['config: {debug: {post_mortem: false}}\npost_mortem: true', true],
])('an exception stops: %j', (lines, expected) => {
  expect(scenarioOf(`${lines}\n${least}`).layer.postMortem?.value).toBe(expected);
});

const steps = (text: string) => scenarioOf(`steps:\n${text}`).steps;
const first = (text: string) => steps(text)[0];

describe('requests', () => {
  it.each([
    ['request: DELETE /a?b=c', { method: 'DELETE', path: '/a?b=c' }],
    ['request: {path: /}', { method: 'GET' }],
    ['request: {path: /, json: }', { method: 'POST', body: { kind: 'json', value: null } }],
    [
      'request: {path: /, json: {a: [1, "1", null, 1.10]}}',
      { body: { kind: 'json', value: { a: [1, '1', null, 1.1] } } },
    ],
    ['request: {path: /, body: 1.10}', { method: 'POST', body: { kind: 'text', text: '1.10' } }],
    ['request: {path: /, method: PUT, body: ""}', { method: 'PUT', body: { kind: 'text', text: '' } }],
    [
      'request: {path: /, form: {a: 1.10, code: [on, 2]}}',
      {
        body: {
          kind: 'form',
          fields: [
            { name: 'a', value: '1.10' },
            { name: 'code', value: 'on' },
            { name: 'code', value: '2' },
          ],
        },
      },
    ],
    [
      'request: {path: /, form: {a: b}, files: {f: {content: hello, filename: a.txt, type: text/plain}, g: {content: ""}}}',
      {
        body: {
          kind: 'multipart',
          fields: [{ name: 'a', value: 'b' }],
          files: [
            { field: 'f', content: { kind: 'text', text: 'hello' }, filename: 'a.txt', type: 'text/plain' },
            { field: 'g', content: { kind: 'text', text: '' }, filename: 'g', type: 'application/octet-stream' },
          ],
        },
      },
    ],
    [
      'request: {name: one, path: /, headers: {X-Version: 1.10}, cookies: {a: 01}, keep_cookies: false}',
      { name: 'one', headers: { 'X-Version': '1.10' }, cookies: { a: '01' }, keepCookies: false },
    ],
  ])('%s', (text, expected) => {
    expect(first(`  - ${text}`)).toMatchObject({ kind: 'request', ...expected });
  });
});

describe('stops and what is done there', () => {
  it('keeps the places of the step and of each command', () => {
    expect(
      first(`  - stop:
      at: shop/views.py:42
      function: cart
      reason: exception
      exception: {contains: ValueError}
      commands:
        - p 1.10
        - {run: p y, expect: 1.10, save: y}
      stay: true`),
    ).toEqual({
      kind: 'stop',
      line: 2,
      column: 5,
      at: 'shop/views.py:42',
      function: 'cart',
      reason: 'exception',
      exception: [{ kind: 'contains', text: 'ValueError' }],
      of: undefined,
      commands: [
        { line: 8, column: 11, run: 'p 1.10', expect: undefined, save: [] },
        {
          line: 9,
          column: 11,
          run: 'p y',
          expect: [{ kind: 'text', text: '1.10' }],
          save: [{ name: 'y', from: { kind: 'whole' } }],
        },
      ],
      stay: true,
    });
  });

  it.each([
    ['stop: a.py', { kind: 'stop', at: 'a.py', commands: [], stay: false }],
    ['stop: {}', { kind: 'stop', at: undefined }],
    ['interrupt: true', { kind: 'interrupt' }],
    ['run: ls', { kind: 'run', command: 'ls', code: 0 }],
  ])('%s', (text, expected) => {
    expect(first(`  - ${text}`)).toMatchObject(expected);
  });

  it('goes on by resume, commands or both', () => {
    const text =
      '  - stop: {stay: true}\n  - commands: [n]\n  - resume: quit\n  - stop: {stay: true}\n  - commands: [c]\n';
    expect(steps(text).map(({ kind }) => kind)).toEqual(['stop', 'commands', 'resume', 'stop', 'commands']);
  });
});

describe('responses', () => {
  it.each([
    ['response: 200', { of: undefined, status: '200', headers: {}, body: undefined, json: undefined, save: [] }],
    ['response: {}', { status: undefined }],
    ['response: {json: }', { json: [{ kind: 'json', value: null, python: false }] }],
    ['response: {body: 5}', { body: [{ kind: 'text', text: '5' }] }],
    ['response: {body: {json: 5}}', { body: [{ kind: 'json', value: 5, python: false }] }],
    [
      'response: {headers: {json: 5, Age: {not: 0}}}',
      {
        headers: {
          json: [{ kind: 'text', text: '5' }],
          Age: [{ kind: 'not', expectation: [{ kind: 'text', text: '0' }] }],
        },
      },
    ],
    [
      'response: {save: {a: {json: 0}, b: {match: x}, c: {header: X-Id}}}',
      {
        save: [
          { name: 'a', from: { kind: 'json', path: '0', python: false } },
          { name: 'b', from: { kind: 'match', pattern: 'x' } },
          { name: 'c', from: { kind: 'header', header: 'X-Id' } },
        ],
      },
    ],
  ])('%s', (text, expected) => {
    expect(steps(`  - request: GET /\n  - ${text}`)[1]).toMatchObject({ kind: 'response', ...expected });
  });

  it('of one that was answered before the stop', () => {
    const text =
      '  - request: {path: /, name: a}\n  - request: GET /b\n  - stop: {stay: true}\n  - response: {of: a}\n';
    expect(steps(text)[3]).toMatchObject({ kind: 'response', of: 'a' });
  });
});

it.each([
  ['1.10', [{ kind: 'text', text: '1.10' }]],
  ['True', [{ kind: 'text', text: 'True' }]],
  [
    '{exact: 0x10, contains: [1.0, b], match: 5, json: {a: 1.0}, not: {contains: e}}',
    [
      { kind: 'exact', text: '0x10' },
      { kind: 'contains', text: '1.0' },
      { kind: 'contains', text: 'b' },
      { kind: 'match', pattern: '5' },
      { kind: 'json', value: { a: 1 }, python: true },
      { kind: 'not', expectation: [{ kind: 'contains', text: 'e' }] },
    ],
  ],
])('an expectation %s', (text, expected) => {
  expect(first(`  - run: {command: x, expect: ${text}}`)).toMatchObject({ expect: expected });
});

it('takes anchors and aliases', () => {
  const text =
    'vars: {a: &a {b: 1}}\nsteps:\n  - request: {path: /, json: *a}\n  - request: {path: /, json: {c: *a}}\n';
  expect(scenarioOf(text).steps).toMatchObject([{ body: { value: { b: 1 } } }, { body: { value: { c: { b: 1 } } } }]);
});
