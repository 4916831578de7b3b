import { expect, test } from 'vitest';
import { type Attach, merge } from '../../src/project/launch-merge.ts';

const attach: Attach = {
  name: 'wsgi-dev: attach',
  type: 'debugpy',
  request: 'attach',
  connect: { host: '127.0.0.1', port: 5678 },
  pathMappings: [{ localRoot: '/here', remoteRoot: '/app' }],
  justMyCode: true,
};

const OURS = `    {
      "name": "wsgi-dev: attach",
      "type": "debugpy",
      "request": "attach",
      "connect": {
        "host": "127.0.0.1",
        "port": 5678
      },
      "pathMappings": [
        {
          "localRoot": "/here",
          "remoteRoot": "/app"
        }
      ],
      "justMyCode": true
    }`;

const PERSONS = `{
  // mine
  "version": "0.2.0",
  "configurations": [
    {"name": "tests", "type": "debugpy", "request": "launch", "program": "t.py"}, /* as it is */
  ],
  "compounds": [], // at the end
}
`;

test('it is added behind the others, with comments, commas and keys as they are', () => {
  const merged = merge(PERSONS, attach);
  expect(merged).toMatchObject({ change: 'added', name: 'wsgi-dev: attach' });
  expect(merged?.text).toBe(PERSONS.replace('/* as it is */', `/* as it is */\n${OURS},`));
});

test('to a file without configurations too', () => {
  for (const text of ['{}', '{"version": "0.2.0"}', '{"configurations": []} // none']) {
    expect(JSON.parse(merge(text, attach)?.text.replace(' // none', '') ?? '')).toMatchObject({
      configurations: [attach],
    });
  }
});

test('its own indentation and line ends are taken over', () => {
  const merged = merge('{\r\n\t"configurations": [\r\n\t]\r\n}\r\n', attach);
  expect(merged?.text).toContain('\r\n\t\t{\r\n\t\t\t"name": "wsgi-dev: attach",\r\n');
  expect(merged?.text).toMatch(/\r\n\t\t\}\r\n\t\]\r\n\}\r\n$/);
  expect(merged?.text).not.toMatch(/[^\r]\n/);
});

test('the one of that name gets what differs, and keeps what a person made of it', () => {
  const theirs = `{
  "configurations": [
    {"name": "another", "connect": {"port": 1}},
    {
      "name": "wsgi-dev: attach",
      "type": "debugpy",
      "request": "attach", // never "launch"
      "connect": {"host": "127.0.0.1", "port": 5680},
      "pathMappings": [
        {"localRoot": "/usr/lib/python3", "remoteRoot": "/usr/lib/python3"},
        {"localRoot": "/there", "remoteRoot": "/app"}
      ],
      "justMyCode": false
    }
  ]
}
`;
  const merged = merge(theirs, attach);
  expect(merged).toEqual({
    change: 'updated',
    name: 'wsgi-dev: attach',
    text: theirs.replace('5680', '5678').replace('/there', '/here'),
  });
  expect(merge(merged?.text ?? '', attach)).toMatchObject({ change: 'none', text: merged?.text });
});

test.each([
  ['nothing else', '{"name": "wsgi-dev: attach"}'],
  ['words', '{"name": "wsgi-dev: attach", "connect": "here", "pathMappings": ["there"]}'],
  ['another mapping', '{"name": "wsgi-dev: attach", "pathMappings": [{"localRoot": "a", "remoteRoot": "b"}]}'],
])('the one of that name with %s attaches afterwards', (_name, entry) => {
  const merged = merge(`{"configurations": [${entry}]}`, attach);
  const [own] = JSON.parse(merged?.text ?? '').configurations;
  const { justMyCode: _, pathMappings, ...needed } = attach;
  expect(own).toMatchObject(needed);
  expect(own.pathMappings).toContainEqual(pathMappings[0]);
});

test('another one that goes to the same port, with the source mapped, is enough', () => {
  const text =
    '{"configurations": [{"name": "shop", "connect": {"port": 5678}, "pathMappings": [{"remoteRoot": "/app/"}]}]}';
  expect(merge(text, attach)).toEqual({ change: 'none', name: 'shop', text });
  for (const other of [text.replace('5678', '5679'), text.replace('/app/', '/srv')]) {
    expect(merge(other, attach)).toMatchObject({ change: 'added' });
  }
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"configurations": [}'],
  ['a list', '[]'],
  ['configurations that are none', '{"configurations": {}}'],
  ['words for configurations', '{"configurations": ["attach"]}'],
])('%s is no launch.json', (_name, text) => {
  expect(merge(text, attach)).toBeUndefined();
});
