import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { lockedHere } from '../../src/engine/base-lock.ts';
import { hostCertificates } from '../../src/project/certificates.ts';
import { quiet } from './images.ts';
import { openTerminal, type Terminal, type TerminalOptions } from './pty.ts';
import type { Ran } from './session-project.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** The program of @devcontainers/cli. */
export const DEVCONTAINER = join(ROOT, 'node_modules/@devcontainers/cli/devcontainer.js');
/** wsgi-dev's own: what it builds by the CLI and what the tests do are not built at the same time. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wsgi-dev');
/** The user of a test's devcontainer, and who owns its project. */
export const OWNER = 1234;

/** A project with a devcontainer, made by the real devcontainer CLI. */
export interface Devcontainer {
  readonly directory: string;
  /** The project inside. */
  readonly inside: string;
  /** `devcontainer up`; resolves with the container's id. */
  up(): Promise<string>;
  /** The log of the last `up`. */
  said: string;
  /** `devcontainer exec COMMAND` to its end, on no terminal. */
  exec(...command: readonly string[]): Promise<Ran>;
  /** `devcontainer exec COMMAND` on a new pseudo-terminal. */
  terminal(command: readonly string[], options?: Partial<TerminalOptions>): Promise<Terminal>;
  /** Where the engine has published the container's port 8000. */
  url(path: string): URL;
  /** Where it has published another: "127.0.0.1:32768". */
  address(port: number): string;
  docker(...args: readonly string[]): string;
  write(file: string, content: string): void;
  /** Ends its terminals. */
  close(): void;
  /** Removes container, images and directory. */
  remove(): void;
}

/** Makes a project of the files in `app`, its devcontainer.json with `keys`, and the Feature as a local one. */
export async function makeDevcontainer(
  app: string,
  dockerfile: string,
  keys: Readonly<Record<string, unknown>>,
): Promise<Devcontainer> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'wsgi-dev-devcontainer-')));
  cpSync(app, directory, { recursive: true });
  const folder = join(directory, '.devcontainer');
  copyFeature(join(folder, 'wsgi-dev'));
  await writeCertificates(join(folder, 'certificates'));
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  const json = { build: { dockerfile: 'Dockerfile' }, remoteUser: 'dev', ...keys };
  writeFileSync(join(folder, 'devcontainer.json'), JSON.stringify({ ...json, runArgs: runArgs(directory) }));
  give(directory);
  return devcontainerIn(directory);
}

/** For devcontainer.json: by the label its container is found, on the port it is reached. */
export function runArgs(directory: string): readonly string[] {
  return ['--label', markOf(directory), '-p', '127.0.0.1::8000', '-p', '127.0.0.1::5678'];
}

/** The devcontainer of a project whose devcontainer.json has `runArgs`; its CLI runs as `owner`, undefined: as this process. */
export function devcontainerIn(directory: string, owner?: number): Devcontainer {
  const terminals: Terminal[] = [];
  const docker = (...args: readonly string[]): string =>
    execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  const container = (): string => docker('ps', '-aq', '--no-trunc', '--filter', `label=${markOf(directory)}`);
  const person = owner === undefined || process.getuid?.() !== 0 ? [] : asPerson(owner, directory);
  const command = (args: readonly string[]): readonly [string, ...string[]] => {
    const words = [...person, process.execPath, DEVCONTAINER, args[0] ?? '', '--workspace-folder', directory];
    return [...words, ...args.slice(1)] as [string, ...string[]];
  };

  async function run(...args: readonly string[]): Promise<Ran> {
    const [program, ...rest] = command(args);
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  }

  const made: Devcontainer = {
    directory,
    inside: `/workspaces/${directory.split('/').at(-1)}`,
    async up() {
      const { code, stdout, stderr } = await lockedHere(CACHE, 'devcontainer-build', '', quiet, () => run('up'));
      if (code !== 0) throw new Error(`devcontainer up ended with ${code}:\n${stdout}${stderr}`);
      made.said = stderr;
      return (JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { containerId: string }).containerId;
    },
    said: '',
    exec: (...args) => run('exec', ...args),
    async terminal(args, options = {}) {
      const opened = await openTerminal(command(['exec', ...args]), { cwd: directory, ...options });
      terminals.push(opened);
      return opened;
    },
    url: (path) => new URL(path, `http://${made.address(8000)}`),
    address: (port) => docker('port', container(), `${port}/tcp`),
    docker,
    write(file, content) {
      writeFileSync(join(directory, file), content);
      chownSync(join(directory, file), OWNER, OWNER);
    },
    close() {
      for (const terminal of terminals.splice(0)) terminal.close();
    },
    remove() {
      made.close();
      const id = container();
      if (id !== '') docker('rm', '-f', '-v', id);
      const name = directory.split('/').at(-1)?.toLowerCase();
      const images = docker('images', '--format', '{{.Repository}}:{{.Tag}}', `vsc-${name}-*`);
      // The layers below stay: they are the next run's cache.
      if (images !== '') docker('rmi', '-f', '--no-prune', ...images.split('\n'));
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return made;
}

/** The words that run a command as a person with that id, who may speak to the engine; the CLI asks for their name. */
function asPerson(owner: number, home: string): readonly string[] {
  const passwd = join(home, '.passwd');
  writeFileSync(passwd, `${readFileSync('/etc/passwd', 'utf8')}ada:x:${owner}:${owner}::${home}:/bin/sh\n`);
  const group = statSync('/var/run/docker.sock').gid;
  const script = 'mount --bind "$0" /etc/passwd && exec "$@"';
  return [
    ...['unshare', '--mount', 'sh', '-c', script, passwd],
    ...['setpriv', `--reuid=${owner}`, `--regid=${group}`, '--clear-groups', 'env', `HOME=${home}`],
  ];
}

function markOf(directory: string): string {
  return `dev.wsgi-dev.test=${directory}`;
}

/** The Feature as it is published: with the runner in it. */
function copyFeature(target: string): void {
  cpSync(join(ROOT, 'images/feature'), target, { recursive: true });
  for (const name of ['__main__.py', 'wsgi_dev_runner', 'wsgi_dev_inside']) {
    const filter = (path: string): boolean => !path.includes('__pycache__');
    cpSync(join(ROOT, 'images/runner', name), join(target, 'runner', name), { recursive: true, filter });
  }
}

async function writeCertificates(directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'README'), 'COPY needs a file.\n');
  for (const { path, content } of await hostCertificates(process.env)) writeFileSync(join(directory, path), content);
}

function give(directory: string): void {
  for (const path of ['', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })]) {
    chownSync(join(directory, path), OWNER, OWNER);
  }
}

/** The Dockerfile of a devcontainer: an image with a user and the host's certificate authorities. */
export function devcontainerImage(base: string, ...more: readonly string[]): string {
  return [
    `FROM ${base}`,
    'USER root',
    'COPY certificates/ /usr/local/share/ca-certificates/',
    'ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt',
    `RUN useradd --create-home --uid ${OWNER} --shell /bin/bash dev`,
    ...more,
    '',
  ].join('\n');
}
