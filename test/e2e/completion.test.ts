import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cliPath } from '../helpers/cli.ts';
import { docker } from '../helpers/docker.ts';
import { debianProgram } from '../helpers/programs.ts';
import { openTerminal, type Terminal } from '../helpers/pty.ts';

const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-completion-'));
const project = `completion-${process.pid}`;
const env = { PATH: `${join(directory, 'bin')}${delimiter}${process.env.PATH}`, HOME: directory, PS1: '$ ' };
let open: Terminal | undefined;

/** Each without a person's own settings, and what makes it complete: said twice, as a new .rc that is read again would. */
const shells = {
  bash: {
    command: ['bash', '--norc', '--noprofile'],
    setUp: "bind 'set bell-style none'; source <(wsgi-dev completion bash); source <(wsgi-dev completion bash)",
  },
  zsh: {
    command: ['zsh', '-f'],
    setUp: [
      "PROMPT='$ '; unsetopt beep prompt_sp; autoload -Uz compinit; compinit -u -D",
      'source <(wsgi-dev completion zsh); source <(wsgi-dev completion zsh)',
    ].join('; '),
  },
  fish: {
    command: ['fish', '--no-config'],
    setUp: [
      "function fish_prompt; echo -n '$ '; end; set -g fish_autosuggestion_enabled 0",
      'wsgi-dev completion fish | source; wsgi-dev completion fish | source',
    ].join('; '),
  },
} as const;
type Shell = keyof typeof shells;

beforeAll(() => {
  for (const name of ['zsh', 'fish']) debianProgram([name], name);
  mkdirSync(join(directory, 'bin'));
  chmodSync(cliPath, 0o755);
  symlinkSync(cliPath, join(directory, 'bin/wsgi-dev'));
  mkdirSync(join(directory, 'my folder'));
  mkdirSync(join(directory, 'deploy'));
  writeFileSync(join(directory, 'staging one.env'), '');
  writeFileSync(join(directory, 'deploy.txt'), '');
  writeFileSync(join(directory, 'compose.yaml'), 'services: {frontend: {image: a}, db: {image: b}}\n');
}, 300_000);
afterEach(async () => {
  if (open === undefined) return;
  // Hung up, a shell would write its history, in the directory that is removed.
  process.kill(open.pid, 'SIGKILL');
  await open.ended;
  open.close();
  open = undefined;
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A shell that completes, in which `keys` were typed. */
async function typed(shell: Shell, keys: string, more: Readonly<Record<string, string>> = {}): Promise<Terminal> {
  const { command, setUp } = shells[shell];
  open = await openTerminal(command, { cwd: directory, env: { ...env, ...more }, columns: 120 });
  await open.until(/[$#%>] ?$/);
  open.type(`${setUp}\r`);
  await open.until(/\n\$ $/);
  open.type(keys);
  return open;
}

describe.each(['bash', 'zsh', 'fish'] as const)('%s completes', (shell) => {
  test.each([
    ['a command', 'wsgi-dev resta\t', /wsgi-dev restart $/],
    ['an option', 'wsgi-dev up --force\t', /wsgi-dev up --force-recreate $/],
    ['a value', 'wsgi-dev up --pull al\t', /wsgi-dev up --pull always $/],
    ['a value behind =', 'wsgi-dev up --pull=al\t', /wsgi-dev up --pull=always $/],
    ['a file, quoted as it does', 'wsgi-dev up --env-file sta\t', /--env-file staging\\ one\.env $/],
    ['a file behind =', 'wsgi-dev up --env-file=deploy.\t', /--env-file=deploy\.txt $/],
    ['a directory only', 'wsgi-dev -C depl\t', /wsgi-dev -C deploy\/$/],
    ['a directory with a space', 'wsgi-dev -C my\t', /wsgi-dev -C my\\ folder\/$/],
    ['a file of the command that is run', 'wsgi-dev exec python deploy.\t', /exec python deploy\.txt $/],
    ['what a command has below it', 'wsgi-dev devcontainer in\t', /wsgi-dev devcontainer init $/],
  ])('%s', async (_, keys, shown) => {
    await (await typed(shell, keys)).until(shown);
  });

  test('and lists what may follow', async () => {
    const terminal = await typed(shell, 'wsgi-dev completion \t\t');
    // Below the line that is typed.
    await terminal.shows(/bash +fish +zsh/);
  });

  test('and runs nothing that is typed', async () => {
    const words = shell === 'fish' ? '(touch ran) "$(touch ran)"' : '"$(touch ran)" `touch ran` $(touch ran)';
    const terminal = await typed(shell, `wsgi-dev exec ${words} deploy.\t`);
    await terminal.until(/deploy\.txt/);
    expect(existsSync(join(directory, 'ran'))).toBe(false);
  });

  test('the names of projects that have a container', async () => {
    const container = await docker.createContainer({
      Image: 'wsgi-dev/base:bookworm',
      Cmd: ['true'],
      Labels: { 'dev.wsgi-dev.project': project },
    });
    try {
      const keys = 'wsgi-dev --project-name completion-\t';
      await (await typed(shell, keys)).until(new RegExp(`--project-name ${project} $`));
    } finally {
      await container.remove({ force: true });
    }
  });

  test('the services of the compose file', async () => {
    await (await typed(shell, 'wsgi-dev up --service fro\t')).until(/--service frontend $/);
  });

  test('without an engine, says nothing, and nothing waits', async () => {
    const terminal = await typed(shell, 'wsgi-dev --project-name x\tend', { DOCKER_HOST: 'unix:///nowhere.sock' });
    await terminal.until(/--project-name xend$/);
    expect(terminal.screen.text()).not.toMatch(/nowhere|Cannot/);
  });
});

test('bash completes in the midst of a line', async () => {
  await (await typed('bash', 'wsgi-dev up --detach-k\t x\x1b[D\x1b[D')).until(/wsgi-dev up --detach-keys {2}x$/);
});
