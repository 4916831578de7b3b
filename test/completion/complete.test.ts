import { describe, expect, test } from 'vitest';
import type { Context } from '../../src/commands/context.ts';
import { complete } from '../../src/completion/complete.ts';
import { commandsBelow } from '../../src/globals.ts';
import { createProgram } from '../../src/program.ts';

const program = createProgram('0.0.0', () => ({}) as Context);
const of = (...words: readonly string[]) => complete(program, words);
const values = (...words: readonly string[]) => of(...words).candidates.map(({ value }) => value);

describe('commands', () => {
  test('all that help shows, with what they do', () => {
    const shown = program.createHelp().visibleCommands(program);
    expect(values('')).toEqual(shown.map((one) => one.name()));
    expect(of('dow').candidates).toEqual([{ value: 'down', description: 'stop the server and remove its container' }]);
  });

  test('behind help those that there is help of', () => {
    expect(values('help', '')).toEqual(values(''));
    expect(of('help', 'ci', '')).toMatchObject({ candidates: [{ value: 'init' }, { value: 'pack' }], kind: undefined });
    expect(of('help', 'up', '')).toMatchObject({ candidates: [], kind: undefined });
  });

  test('none of those that are hidden', () => {
    expect(values('__')).toEqual([]);
  });

  test('of commands, beside their arguments', () => {
    expect(values('ci', '')).toEqual(['init', 'pack']);
    expect(of('ci', '').kind).toBe('files');
    expect(of('ci', 'one.scenario.yaml', '')).toEqual({ candidates: [], kind: 'files', prefix: '' });
  });
});

describe('options', () => {
  test('every option that help shows, of every command', () => {
    for (const command of commandsBelow(program).filter((one) => !one.name().startsWith('__'))) {
      const path: string[] = [];
      for (let one = command; one.parent !== null; one = one.parent) path.unshift(one.name());
      const shown = command.createHelp().visibleOptions(command);
      expect(values(...path, '-'), path.join(' ')).toEqual(expect.arrayContaining(shown.map(({ long }) => long)));
      expect(values(...path, '--proj'), path.join(' ')).toContain('--project-directory');
    }
  });

  test.each<[readonly string[], readonly string[]]>([
    [
      ['up', '--pull', ''],
      ['always', 'missing', 'never'],
    ],
    [['up', '--pull', 'm'], ['missing']],
    [['build', '--pull', 'a'], ['always']],
    [['build', '--pull', '--no-c'], ['--no-cache']],
    [['build', '--pull', '--progress', 't'], ['tty']],
    [['up', '--pull=n'], ['--pull=never']],
    [['--ansi', 'al'], ['always']],
    [
      ['ps', '--format='],
      ['--format=table', '--format=json'],
    ],
    [['-C', '/somewhere', 'up', '--detach-k'], ['--detach-keys']],
    [['up', '--app', 'up', '--detach-k'], ['--detach-keys']],
  ])('%j', (words, expected) => {
    expect(values(...words)).toEqual(expected);
  });

  test.each([
    [['-C', ''], 'directories'],
    [['up', '--env-file', ''], 'files'],
    [['up', '--env-file=a'], 'files'],
    [['--project-name', ''], 'projects'],
    [['ps', '-c', ''], 'contexts'],
    [['up', '--debugger', ''], 'debuggers'],
    [['build', '--python='], 'pythons'],
    [['exec', ''], 'files'],
    [['exec', '-w', ''], 'directories'],
    [['reproduce', ''], 'files'],
    [['break', ''], 'breakpoints'],
    [['up', '--service', ''], 'services'],
    [['run', '--network='], 'networks'],
    [['up', '--apache-config', ''], 'files'],
    [['up', '-e', ''], undefined],
    [['up', '--nonsense=', ''], undefined],
  ])('%j: %s', (words, kind) => {
    expect(of(...words)).toMatchObject({ candidates: [], kind });
  });
});

test("what follows the command of exec and run is that command's", () => {
  expect(of('exec', 'python', '--')).toEqual({ candidates: [], kind: 'files', prefix: '' });
  expect(of('run', '-e', 'A=1', 'pytest', '-')).toEqual({ candidates: [], kind: 'files', prefix: '' });
  expect(values('exec', '--env-f')).toEqual(['--env-file']);
});
