import { expect, test } from 'vitest';
import { createOutput, type OutputOptions } from '../src/log.ts';

const file = { isTTY: false } as NodeJS.WriteStream;
const terminal = { isTTY: true } as NodeJS.WriteStream;

/** Whether messages have colours, results have some, and lines are redrawn; stderr a terminal, stdout a file. */
const looks = (env: OutputOptions['env'], ansi: OutputOptions['ansi'] = 'auto', stdout = file, stderr = terminal) => {
  const out = createOutput({ verbosity: 'normal', ansi, env, stdout, stderr });
  return [out.colors.red('x') !== 'x', out.resultColors.red('x') !== 'x', out.interactive];
};

test.each<[string, ReturnType<typeof looks>, boolean, boolean, boolean]>([
  ['a result goes to a file', looks({}), true, false, true],
  ['messages go to a file', looks({}, 'auto', terminal, file), false, true, false],
  ['both do', looks({}, 'auto', file, file), false, false, false],
  ['NO_COLOR', looks({ NO_COLOR: '1' }), false, false, false],
  ['an empty NO_COLOR', looks({ NO_COLOR: '' }), true, false, true],
  ['TERM=dumb', looks({ TERM: 'dumb' }), false, false, false],
  ['CI', looks({ CI: 'true' }), false, false, false],
  ['FORCE_COLOR', looks({ FORCE_COLOR: '1' }), true, true, true],
  ['FORCE_COLOR in a file', looks({ FORCE_COLOR: '1' }, 'auto', file, file), true, true, false],
  ['FORCE_COLOR in CI', looks({ FORCE_COLOR: '1', CI: 'true' }), true, true, false],
  ['FORCE_COLOR=0', looks({ FORCE_COLOR: '0' }, 'auto', terminal), false, false, true],
  ['FORCE_COLOR and NO_COLOR', looks({ FORCE_COLOR: '1', NO_COLOR: '1' }), false, false, false],
  ['--ansi never', looks({ FORCE_COLOR: '1' }, 'never', terminal), false, false, false],
  ['--ansi always', looks({ NO_COLOR: '1', TERM: 'dumb' }, 'always', file, file), true, true, false],
])('%s', (_name, found, messages, results, redraws) => {
  expect(found).toEqual([messages, results, redraws]);
});
