import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashOf, renderLock } from '../../src/plan/lock.ts';
import { parseLock, readLock, writeLock } from '../../src/project/lock-file.ts';
import { lock, sha } from '../plan/locks.ts';
import { directoryOf } from './files.ts';

const { lock: _version, ...content } = lock;
const text = renderLock(content);

test('what is written is read again; a line for each thing, in one order', () => {
  expect(parseLock(text)).toEqual(lock);
  const { apt, ...rest } = content;
  expect(renderLock({ apt, ...rest })).toBe(text);
  expect(text.split('\n')).toContain('  - login=1:4.13+dfsg1-1');
  expect(text.split('\n')).toContain(`  - bottle==0.13.4 ${sha('3')}`);
});

test.each([
  { suite: 'bookworm' },
  { image: 'debian:bookworm-slim', digest: sha('8') },
  { image: 'mine:1', id: sha('8') },
])('the base %j', (base) => {
  expect(parseLock(renderLock({ ...content, base }))).toEqual({ ...lock, base });
});

const changed = (from: string, to: string): string => text.replace(from, to);

test.each([
  ['another version of the file', changed('lock: 1', 'lock: 2'), /^wsgi-dev\.lock:2:7: `lock`: .*"2"/m],
  ['a conflict', changed('architecture:', '<<<<<<< HEAD\narchitecture:'), /^wsgi-dev\.lock:10:1: not valid YAML/m],
  ['nothing at all', '', /`lock`: expected 1, not nothing/],
  ['an unknown key', changed('apache:', 'apach:'), /unknown key `apach`; did you mean `apache`\?/],
  ['a word for the shell', changed('hello=2.10-3', '"hello=2.10-3;reboot"'), /`apt\[1\]`: expected "name=version"/],
  ['an option for apt-get', changed('hello=2.10-3', '"-o=x"'), /`apt\[1\]`: expected "name=version"/],
  ['a line break for pip', changed('==0.13.4', '==0.13.4\\n--pre'), /`pip\[0\]`: expected "name==version/],
  ['a hash that is none', changed(sha('3'), sha('x')), /`pip\[0\]`: expected "name==version/],
  ['no hash', changed(` ${sha('3')}`, ''), /`pip\[0\]`: expected "name==version/],
  ['a variable in an address', changed(sha('3'), `${sha('3')} https://$\{TOKEN}/a`), /`pip\[0\]`: expected/],
  ['a base that is half one', changed('suite: bookworm', 'image: a'), /`base/],
])('a file with %s is refused, with its place', (_name, faulty, message) => {
  expect(faulty).not.toBe(text);
  expect(() => parseLock(faulty)).toThrow(
    expect.objectContaining({ code: 2, message: expect.stringMatching(message) }),
  );
});

test('no file: what to do', () => {
  const directory = directoryOf({});
  expect(() => readLock(directory)).toThrow(
    expect.objectContaining({
      code: 2,
      message: `${directory}/wsgi-dev.lock does not exist`,
      hint: expect.stringContaining('wsgi-dev lock'),
    }),
  );
});

test('it is written once, as the directory’s owner’s', async () => {
  const directory = directoryOf({});
  const path = join(directory, 'wsgi-dev.lock');
  expect(await writeLock(directory, text)).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(statSync(path).uid).toBe(statSync(directory).uid);
  const { ino } = statSync(path);
  expect(await writeLock(directory, text)).toBe(false);
  expect(statSync(path).ino).toBe(ino);
});

test('the hash of files is of their names and contents, not of their order', () => {
  const files = [
    { path: 'a.py', content: '1' },
    { path: 'b.py', content: '2' },
  ];
  expect(hashOf(files)).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(hashOf(files.toReversed())).toBe(hashOf(files));
  expect(hashOf([{ path: 'c.py', content: '1' }, ...files.slice(1)])).not.toBe(hashOf(files));
});
