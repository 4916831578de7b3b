import { expect, test } from 'vitest';
import { terminalModes } from '../../src/session/modes.ts';

function after(...chunks: readonly string[]): string {
  const modes = terminalModes();
  for (const chunk of chunks) modes.see(Buffer.from(chunk));
  return modes.undo();
}

test.each<[string, readonly string[], string]>([
  ['plain output leaves nothing', ['hello\n', 'ä \x1b[31mred\x1b[0m'], ''],
  ['a prompt takes pasted text as such', ['\x1b[?2004h(Pdb) '], '\x1b[0m\x1b[?2004l'],
  ['what was switched off again is as before', ['\x1b[?2004h(Pdb) c\x1b[?2004l'], ''],
  [
    'a full screen is left last',
    ['\x1b[?1049h\x1b[?25l\x1b[?1000;1002h'],
    '\x1b[0m\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1049l',
  ],
  ['the cursor is shown already', ['\x1b[?25h\x1b[?7h\x1b[?12l'], ''],
  ['a sequence in three chunks', ['x\x1b', '[?10', '49h'], '\x1b[0m\x1b[?1049l'],
  ['what looked like one and is none', ['x\x1b[?10', ' 49h'], ''],
])('%s', (_name, chunks, expected) => {
  expect(after(...chunks)).toBe(expected);
});

test('it is undone once', () => {
  const modes = terminalModes();
  modes.see(Buffer.from('\x1b[?1049h'));
  expect(modes.undo()).not.toBe('');
  expect(modes.undo()).toBe('');
});
