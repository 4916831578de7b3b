import { describe, expect, test } from 'vitest';
import type { Context } from '../src/commands/context.ts';
import { commandsBelow } from '../src/globals.ts';
import { createProgram } from '../src/program.ts';

const program = createProgram('0.0.0', () => ({}) as Context);
const commands = [program, ...commandsBelow(program).filter((one) => !one.name().startsWith('__'))];

describe.each([60, 80, 120])('at %i columns', (width) => {
  test.each(commands.map((command) => [command.name(), command] as const))('the help of %s fits', (_name, command) => {
    command.configureOutput({ getOutHelpWidth: () => width });
    const lines = command.helpInformation().split('\n');
    const wide = lines.filter((line) => line.length > width && !/^(Usage: | {2}\$ )/.test(line));
    // A word is not cut in two.
    expect(wide.filter((line) => /\S\s+\S/.test(line.trim()))).toEqual([]);
    // Descriptions keep at least half of the line.
    const columns = lines.flatMap((line) => /^ {2}\S.*? {2,}(?=\S)/.exec(line)?.[0].length ?? []);
    expect(Math.max(0, ...columns)).toBeLessThanOrEqual(width / 2);
  });
});

test('every command stands under a heading, none under the usual one', () => {
  const text = program.helpInformation();
  expect(text).not.toMatch(/^Commands:$/m);
  expect(text.indexOf('\n  up ')).toBeGreaterThan(text.indexOf('\nRun and debug:'));
});
