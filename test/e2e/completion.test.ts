import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cliPath } from '../helpers/cli.ts';
import { docker } from '../helpers/docker.ts';
import { openTerminal, type Terminal } from '../helpers/pty.ts';

const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-completion-'));
const project = `completion-${process.pid}`;
const env = { PATH: `${join(directory, 'bin')}${delimiter}${process.env.PATH}`, HOME: directory, PS1: '$ ' };
let shell: Terminal | undefined;

beforeAll(() => {
  mkdirSync(join(directory, 'bin'));
  chmodSync(cliPath, 0o755);
  symlinkSync(cliPath, join(directory, 'bin/wsgi-dev'));
  mkdirSync(join(directory, 'my folder'));
  mkdirSync(join(directory, 'deploy'));
  writeFileSync(join(directory, 'staging one.env'), '');
  writeFileSync(join(directory, 'deploy.txt'), '');
});
afterEach(() => {
  shell?.close();
  shell = undefined;
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A bash in which `keys` were typed behind `source <(wsgi-dev completion bash)`. */
async function typed(keys: string, more: Readonly<Record<string, string>> = {}): Promise<Terminal> {
  const options = { cwd: directory, env: { ...env, ...more }, columns: 120 };
  shell = await openTerminal(['bash', '--norc', '--noprofile'], options);
  await shell.until(/\$ $/);
  shell.type("bind 'set bell-style none'; source <(wsgi-dev completion bash); source <(wsgi-dev completion bash)\r");
  await shell.until(/\n\$ $/);
  shell.type(keys);
  return shell;
}

test.each([
  ['a command', 'wsgi-dev resta\t', /wsgi-dev restart $/],
  ['an option', 'wsgi-dev up --force\t', /wsgi-dev up --force-recreate $/],
  ['a value', 'wsgi-dev up --pull al\t', /wsgi-dev up --pull always $/],
  ['a value behind =', 'wsgi-dev up --pull=al\t', /wsgi-dev up --pull=always $/],
  ['a file, quoted as bash does', 'wsgi-dev up --env-file sta\t', /--env-file staging\\ one\.env $/],
  ['a directory only', 'wsgi-dev -C depl\t', /wsgi-dev -C deploy\/$/],
  ['a directory with a space', 'wsgi-dev -C my\t', /wsgi-dev -C my\\ folder\/$/],
  ['a file of the command that is run', 'wsgi-dev exec python deploy.\t', /exec python deploy\.txt $/],
  ['in the midst of a line', 'wsgi-dev up --detach-k\t x\x1b[D\x1b[D', /wsgi-dev up --detach-keys {2}x$/],
])('bash completes %s', async (_, keys, shown) => {
  await (await typed(keys)).until(shown);
});

test('bash lists what may follow', async () => {
  const terminal = await typed('wsgi-dev completion \t\t');
  await terminal.until(/bash +fish +zsh/);
});

test('nothing that is typed is run', async () => {
  const terminal = await typed('wsgi-dev exec "$(touch ran)" `touch ran` $(touch ran) \t\t');
  await terminal.until(/deploy\.txt/);
  expect(existsSync(join(directory, 'ran'))).toBe(false);
});

test('bash completes the names of projects that have a container', async () => {
  const container = await docker.createContainer({
    Image: 'wsgi-dev/base:bookworm',
    Cmd: ['true'],
    Labels: { 'dev.wsgi-dev.project': project },
  });
  try {
    await (await typed('wsgi-dev --project-name completion-\t')).until(new RegExp(`--project-name ${project} $`));
  } finally {
    await container.remove({ force: true });
  }
});

test('without an engine nothing is said, and nothing waits', async () => {
  const terminal = await typed('wsgi-dev --project-name x\tend', { DOCKER_HOST: 'unix:///nowhere.sock' });
  await terminal.until(/--project-name xend$/);
});

test.each(['zsh', 'fish'])('the script for %s is one that it can read, where there is one', (name) => {
  const script = execFileSync(process.execPath, [cliPath, 'completion', name], { encoding: 'utf8' });
  expect(script).toContain('__complete --');
  try {
    execFileSync(name, [name === 'fish' ? '--no-execute' : '-n'], { input: script });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
});
