import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { inPlainWords } from '../../src/engine/init-words.ts';

const words = "wsgi-dev: nosuch can't be executed in the container: No such file or directory";

test.each<[string, readonly string[], string]>([
  ['in pieces', ['[FATAL tini (7)] ', 'exec nosuch failed: No such file or directory', '\n'], `${words}\n`],
  ['on a terminal', ['[FATAL tini (7)] exec nosuch failed: No such file or directory\r\n'], `${words}\r\n`],
  ['what a command prints', ['[', 'FATAL tini (7)] exec a failed: b\n'], '[FATAL tini (7)] exec a failed: b\n'],
  ['bytes', ['é\n', '[FATAL tini (7)] exec a failed: b\n'], 'é\n[FATAL tini (7)] exec a failed: b\n'],
  [
    'another word of its',
    ['[FATAL tini (7)] fork failed: no', ' more\n', 'x'],
    '[FATAL tini (7)] fork failed: no more\nx',
  ],
  ['half of a line', ['[FATAL tini (7)] exec a'], '[FATAL tini (7)] exec a'],
  ['nothing', [], ''],
])('%s', async (_what, chunks, expected) => {
  const output = Readable.from(chunks.map((one) => Buffer.from(one)));
  expect((await buffer(inPlainWords(output))).toString()).toBe(expected);
});

test('an error of the connection is the reader’s', async () => {
  const output = new Readable({ read: () => undefined });
  const read = buffer(inPlainWords(output));
  output.destroy(new Error('went away'));
  await expect(read).rejects.toThrow('went away');
});
