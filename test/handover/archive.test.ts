import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  crafted,
  type Entry,
  everything,
  file,
  manifestOf,
  retarred,
  scratch,
  sealed,
  soundFiles,
  take,
} from './archives.ts';

/** Why it is refused; that nothing is left where it was to go, nor around. */
async function refusal(bytes: Buffer): Promise<string | undefined> {
  const around = scratch();
  const { refused } = await take(bytes, join(around, 'inner/bug'));
  if (refused !== undefined) expect(everything(around)).toEqual([]);
  return refused;
}

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
const sound = manifestOf(soundFiles());
const says = async (more: Readonly<Record<string, unknown>>) => await sealed(soundFiles(), more);
const alsoLists = (path: string, content = '') => ({
  ...sound,
  files: [...sound.files, { path, size: content.length, mode: '0644', sha256: sha256(content) }],
});
const soundEntries = (mode = 0o644) =>
  soundFiles().map(({ path, content }): readonly [Entry, Buffer] => [{ name: path, mode }, content]);

/** A sound archive with one entry more, which its manifest lists. */
const withEntry = async (header: Entry, content = '') =>
  await crafted([
    [{ name: 'manifest.json' }, JSON.stringify(alsoLists(header.name, content))],
    ...soundEntries(),
    [header, content],
  ]);
const named = async (name: string) => await withEntry({ name });
const typed = async (type: Entry['type']) => await withEntry({ name: 'source/x', type, linkname: '/etc/passwd' });

describe('a sound archive', () => {
  test('is unpacked, with its modes, and nothing else', async () => {
    const around = scratch();
    const files = [...soundFiles(), file('source/bin/run', '#!/bin/sh\n', 0o755), file('revision.patch', 'diff')];
    expect(await take(await sealed(files), join(around, 'bug'))).toEqual({});
    expect(everything(around).filter((path) => lstatSync(join(around, path)).isFile())).toEqual([
      'bug/.wsgi-dev/.gitignore',
      'bug/.wsgi-dev/packed/result.json',
      'bug/.wsgi-dev/packed/revision.patch',
      'bug/bin/run',
      'bug/t.scenario.yaml',
      'bug/wsgi-dev.yaml',
      'bug/wsgi.py',
    ]);
    expect(lstatSync(join(around, 'bug/bin/run')).mode & 0o777).toBe(0o755);
  });

  test('is the same bytes for the same content', async () => {
    expect(await sealed()).toEqual(await sealed());
  });

  test('names the variables of env files that were left out, without values', async () => {
    const around = scratch();
    const bytes = await says({ envFiles: [{ path: '.env', names: ['SECRET_KEY'] }] });
    expect(await take(bytes, join(around, 'bug'))).toEqual({});
    expect(readFileSync(join(around, 'bug/.env'), 'utf8')).toMatch(/^#.*\nSECRET_KEY\n$/);
  });

  test('does not go where something is', async () => {
    const around = scratch();
    mkdirSync(join(around, 'bug'));
    expect((await take(await sealed(), join(around, 'bug'))).refused).toMatch(/bug is there already$/);
    expect(everything(around)).toEqual(['bug']);
  });
});

describe('a refused archive leaves nothing behind', () => {
  const cut = async (at: number) => retarred(await sealed(), (tar) => tar.subarray(0, at));
  const elsewhere = { name: 'totals', file: '../t' };
  const bare = ['HEAD', 'config', 'objects/x', 'refs/x'].map((name) => file(`source/b/${name}`));

  test.each<[string, () => Promise<Buffer> | Buffer, RegExp]>([
    ['nothing', () => Buffer.alloc(0), /is no archive/],
    ['a text', () => Buffer.from('hello'), /is no archive/],
    ['no tar', () => gzipSync('hello'.repeat(500)), /is damaged/],
    ['an empty tar', () => crafted([]), /its first file is no manifest\.json/],
    ['a tar of something else', () => crafted([[{ name: 'readme' }, 'x']]), /its first file is no manifest\.json/],
    ['a manifest that is no JSON', () => crafted([[{ name: 'manifest.json' }, '{']]), /manifest\.json is not JSON/],
    [
      'a manifest without keys',
      () => crafted([[{ name: 'manifest.json' }, '{}']]),
      /manifest\.json is faulty at schema/,
    ],
    ['a newer manifest', () => says({ schema: 2, wsgiDev: '9.0' }), /manifest\.json is of a newer wsgi-dev \(9\.0\)/],
    ['an unknown key', () => says({ run: 'sh' }), /manifest\.json is faulty/],
    ['a setting that is none', () => says({ variables: { WSGI_DEV_FILE: '/etc/x' } }), /faulty at variables/],
    ['a scenario elsewhere', () => says({ scenario: elsewhere }), /faulty at scenario\.file/],
    ['an env file elsewhere', () => says({ envFiles: [{ path: '/x', names: [] }] }), /faulty at envFiles/],
    ['a configuration elsewhere', () => says({ configuration: '../x.yaml' }), /faulty at configuration/],
    ['another name', () => says({ scenario: { name: 'x', file: 't.scenario.yaml' } }), /is not of the scenario/],
    ['another outcome', () => says({ outcome: 'failed' }), /is not of the scenario/],
    ['no scenario', () => says({ scenario: { name: 'totals', file: 'x' } }), /`source\/x`, the scenario, is absent/],
    ['no result', () => sealed(soundFiles({ 'evidence/result.json': '{}' })), /`evidence\/result\.json` is no result/],
    ['a file of no place', () => sealed([...soundFiles(), file('etc/x')]), /`etc\/x` has no place in it/],
    ['an absent file', () => says(alsoLists('source/x')), /`source\/x` is absent/],
    ['an extra file', () => says({ files: sound.files.slice(1) }), /`evidence\/result\.json` is not in manifest\.json/],
    ['a path to the parent', () => named('source/../../x'), /`source\/\.\.\/\.\.\/x` leads out of the folder/],
    ['an absolute path', () => named('/tmp/x'), /`\/tmp\/x` has an absolute path/],
    ['a drive', () => named('c:x'), /`c:x` has an absolute path/],
    ['a backslash', () => named('source\\..\\x'), /has a backslash in its name/],
    ['a control character', () => named('source/\x1b[2J'), /`source\/\?\[2J` has a control character/],
    ['an empty part', () => named('source//x'), /`source\/\/x` has an empty part/],
    ['too long a name', () => named(`source/${'x'.repeat(300)}`), /has too long a name/],
    ['a repository', () => named('source/a/.git/config'), /`source\/a\/\.git\/config` would be the state of a tool/],
    ['our own state', () => named('source/.WSGI-DEV/run'), /would be the state of a tool/],
    ['a symbolic link', () => typed('symlink'), /`source\/x` is no file but a symlink/],
    ['a hard link', () => typed('link'), /`source\/x` is no file but a link/],
    ['a device', () => typed('block-device'), /`source\/x` is no file but a block-device/],
    ['a pipe', () => typed('fifo'), /`source\/x` is no file but a fifo/],
    ['a directory', () => typed('directory'), /`source\/x` is no file but a directory/],
    ['the same twice', () => named('source/wsgi.py'), /`source\/wsgi\.py` is there twice/],
    ['a file as a directory', () => named('source/wsgi.py/x'), /`source\/wsgi\.py` is a file and a directory/],
    ['a bare repository', () => sealed([...soundFiles(), ...bare]), /`source\/b\/HEAD` would make .* a git repository/],
    [
      'another content',
      async () => retarred(await sealed(), (tar) => replaced(tar, 'def app', 'del app')),
      /`source\/wsgi\.py` was altered: its digest is wrong/,
    ],
    [
      'another mode',
      () => crafted([[{ name: 'manifest.json' }, JSON.stringify(sound)], ...soundEntries(0o755)]),
      /`evidence\/result\.json` was altered: its mode is wrong/,
    ],
    ['half of it', async () => (await sealed()).subarray(0, 500), /is cut off/],
    ['half of its manifest', () => cut(1000), /is damaged|is cut off/],
    ['a part of its files', () => cut(4096), /is absent|is damaged|is cut off/],
    ['something behind it', async () => Buffer.concat([await sealed(), Buffer.from('more of it')]), /is damaged/],
    ['zeros behind it', async () => Buffer.concat([await sealed(), Buffer.alloc(16)]), /behind its end/],
    ['another archive behind it', async () => Buffer.concat([await sealed(), gzipSync('x')]), /behind its end/],
    ['a changed byte', async () => changedAt(await sealed(), 200), /is damaged/],
    ['a bomb', () => gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 }), /unpacks to more than \d+ MiB/],
    [
      'a bomb of files',
      () => crafted(Array.from({ length: 20_100 }, (_, at) => [{ name: `source/${at}` }])),
      /has more than 20000 files/,
    ],
    ['a size of 8 GiB', async () => retarred(await sealed(), hugeSize), /`manifest\.json` is cut off/],
  ])('%s', async (_name, make, message) => {
    expect(await refusal(await make())).toMatch(message);
  });
});

function replaced(bytes: Buffer, text: string, by: string): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(text, by), 'latin1');
}

function changedAt(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x40;
  return copy;
}

/** The first entry's header says so. */
function hugeSize(tar: Buffer): Buffer {
  const copy = Buffer.from(tar);
  copy.write('77777777777\0', 124, 'latin1');
  copy.fill(' ', 148, 156);
  const sum = copy.subarray(0, 512).reduce((all, byte) => all + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return copy;
}
