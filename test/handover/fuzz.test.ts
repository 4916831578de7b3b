import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seed } from '../helpers/fuzz.ts';
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

const settings = { seed, numRuns: 300 };

/** Takes it, and looks at what is there: the folder alone, or nothing. What never ends is ended by the test's limit. */
async function check(bytes: Buffer, around: string): Promise<void> {
  const { refused } = await take(bytes, join(around, 'folder/bug'));
  const outside = everything(around).filter((path) => !/^folder(\/bug(\/|$)|$)/.test(path));
  expect(outside).toEqual([]);
  if (refused !== undefined) {
    expect(refused).toMatch(/^(bug\.tar\.gz: |The archive can't be unpacked)./);
    expect(everything(around).filter((path) => path !== 'folder')).toEqual([]);
  }
  rmSync(join(around, 'folder'), { recursive: true, force: true });
}

const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 });

function edited(bytes: Buffer, changes: readonly (readonly [number, number])[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const [at, byte] of changes) copy[at % copy.length] = byte;
  return copy;
}

test('random bytes, compressed or not', async () => {
  const around = scratch();
  const sound = await sealed();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async (bytes) => {
      await check(Buffer.from(bytes), around);
      await check(
        retarred(sound, () => Buffer.from(bytes)),
        around,
      );
    }),
    settings,
  );
});

test('a sound archive, changed or cut, before and after it is compressed', async () => {
  const around = scratch();
  const sound = await sealed();
  await fc.assert(
    fc.asyncProperty(edits, fc.nat(), async (changes, cut) => {
      await check(edited(sound, changes), around);
      await check(sound.subarray(0, cut % sound.length), around);
      await check(
        retarred(sound, (tar) => edited(tar, changes)),
        around,
      );
      await check(
        retarred(sound, (tar) => tar.subarray(0, cut % tar.length)),
        around,
      );
    }),
    settings,
  );
});

const words = [
  '..',
  '.',
  '',
  'a',
  'b',
  'HEAD',
  'refs',
  'objects',
  '.git',
  '~',
  'C:',
  '\\..',
  'é',
  '\0',
  '\n',
  'source',
];
const paths = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
const names = fc.oneof(
  paths,
  paths.map((path) => `source/${path}`),
  fc.string().map((path) => `source/${path}`),
);
const types = fc.constantFrom<NonNullable<Entry['type']>[]>('file', 'file', 'file', 'symlink', 'link', 'directory');

test('entries of any name and kind, which the manifest lists', async () => {
  const around = scratch();
  const sound = soundFiles();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(names, types), { minLength: 1, maxLength: 4 }), async (extra) => {
      const manifest = manifestOf([...sound, ...extra.map(([name]) => file(name, 'x'))]);
      await check(
        await crafted([
          [{ name: 'manifest.json' }, JSON.stringify(manifest)],
          ...sound.map(({ path, content }) => [{ name: path }, content] as const),
          ...extra.map(([name, type]) => [{ name, type, linkname: '/etc' }, type === 'file' ? 'x' : ''] as const),
        ]),
        around,
      );
    }),
    settings,
  );
});
