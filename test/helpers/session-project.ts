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
  watch,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll } from 'vitest';
import { openTerminal, type Terminal, type TerminalOptions } from './pty.ts';

export const CLI = resolve(process.env.WSGI_DEV_CLI ?? 'dist/bin/wsgi-dev.cjs');
const APP = resolve(import.meta.dirname, '../e2e/app');
/** Who the projects belong to: nobody that the machine knows. */
const OWNER = 1234;
const UP_MS = 60_000;

export interface Response {
  readonly status: number;
  readonly body: string;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project of a test file, with test/e2e/app in it, its commands and its terminals. */
export interface SessionProject {
  readonly name: string;
  readonly directory: string;
  /** `wsgi-dev ARGS` on a new pseudo-terminal. */
  terminal(args: readonly string[], options?: Partial<TerminalOptions>): Promise<Terminal>;
  /** `up --debug` on a new pseudo-terminal, once the server is ready. */
  up(args?: readonly string[], options?: Partial<TerminalOptions>): Promise<Terminal>;
  /** `wsgi-dev ARGS` on pipes, to its end; `input` undefined: stdin is /dev/null. */
  run(args: readonly string[], input?: string): Promise<Ran>;
  /** Builds the image. Where it was never built that takes its time: in a hook, and not in a test. */
  build(): Promise<void>;
  /** Requests `path` of the server; rejects when it doesn't answer. */
  get(path: string): Promise<Response>;
  /** The id of the project's container; undefined when there is none. */
  container(): string | undefined;
  /** `docker ARGS`, to its end. */
  docker(...args: readonly string[]): string;
  /** Its directory is made where there is none. */
  write(file: string, content: string | Buffer): void;
  /** Where the server is: known once it was ready. */
  url(): string;
  /** Resolves when a server is ready that was not yet at the call. */
  nextReady(): Promise<void>;
  /** The same for a server whose application could not be loaded. */
  nextFailed(): Promise<void>;
  /** Ends its terminals and removes its container. */
  clear(): void;
}

/** Makes a project for the tests of one file and removes it, its container and its image on every way out. */
export function useProject(): SessionProject {
  let directory = '';
  let name = '';
  let url = '';
  const terminals: Terminal[] = [];

  const docker = (...args: readonly string[]): string =>
    execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  const container = (): string | undefined =>
    docker('ps', '-aq', '--no-trunc', '--filter', `label=dev.wsgi-dev.project=${name}`) || undefined;

  /** Not their IDs: two may be one image. */
  const tags = (repository: string): string =>
    docker('images', '--format', '{{.Repository}}:{{.Tag}}', '--filter', 'dangling=false', repository);

  function clear(): void {
    for (const terminal of terminals.splice(0)) terminal.close();
    const id = container();
    if (id === undefined) return;
    try {
      docker('rm', '-f', id);
    } catch (error) {
      // The client that was just closed may be removing it at the same time: its work is enough, once it is done.
      if (/already in progress/.test(String(error))) ended(id);
      else if (!/No such container/.test(String(error))) throw error;
    }
  }

  /** Returns when the container runs no longer. */
  function ended(id: string): void {
    try {
      docker('wait', id);
    } catch (error) {
      if (!/No such container/.test(String(error))) throw error;
    }
  }

  function remove(): void {
    if (directory === '') return;
    try {
      clear();
      // Those of scenarios are made of the project's: they go first, with the untagged ones between the two.
      const ofScenarios = tags(`wsgi-dev/${name}-source`);
      if (ofScenarios !== '') docker('rmi', '-f', ...ofScenarios.split('\n'));
      const images = tags(`wsgi-dev/${name}`);
      if (images !== '') docker('rmi', '-f', '--no-prune', ...images.split('\n'));
    } finally {
      rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    }
    directory = '';
  }

  async function terminal(args: readonly string[], options: Partial<TerminalOptions> = {}): Promise<Terminal> {
    const opened = await openTerminal([process.execPath, CLI, ...args], { cwd: directory, ...options });
    terminals.push(opened);
    return opened;
  }

  async function run(args: readonly string[], input?: string): Promise<Ran> {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: directory,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.end(input);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout as NodeJS.ReadableStream),
      text(child.stderr as NodeJS.ReadableStream),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  }

  function nextPhase(wanted: 'ready' | 'failed'): Promise<void> {
    const state = join(directory, '.wsgi-dev/run');
    const read = (): { readonly phase: string; readonly since: number } =>
      JSON.parse(readFileSync(join(state, 'state.json'), 'utf8'));
    const before = read().since;
    return new Promise((resolve) => {
      const watcher = watch(state, () => {
        const { phase, since } = read();
        if (phase !== wanted || since === before) return;
        watcher.close();
        resolve();
      });
    });
  }

  async function build(): Promise<void> {
    const { code, stderr } = await run(['build']);
    if (code !== 0) throw new Error(`wsgi-dev build ended with ${code}:\n${stderr}`);
  }

  beforeAll(async () => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'wsgi-dev-session-')));
    name = `session-${directory.slice(-6).toLowerCase()}-${process.pid}`;
    cpSync(APP, directory, { recursive: true });
    writeFileSync(join(directory, 'wsgi-dev.yaml'), `name: ${name}\napp: wsgi.py\n`);
    for (const file of ['', ...readdirSync(directory)]) chownSync(join(directory, file), OWNER, OWNER);
    process.once('exit', remove);
    await build();
  });
  afterAll(() => {
    remove();
    process.off('exit', remove);
  });

  return {
    get name() {
      return name;
    },
    get directory() {
      return directory;
    },
    terminal,
    async up(args = [], options = {}) {
      const opened = await terminal(['up', '--debug', '--port', '0', ...args], options);
      const [, found = ''] = await opened.until(/(?:Ready|Running): (http:\S+) \(debug.*\)\n?/, UP_MS);
      url = found;
      return opened;
    },
    run,
    build,
    get: (path) => get(new URL(path, url)),
    container,
    docker,
    write(file, content) {
      const path = join(directory, file);
      if (mkdirSync(dirname(path), { recursive: true }) !== undefined) chownSync(dirname(path), OWNER, OWNER);
      writeFileSync(path, content);
      chownSync(path, OWNER, OWNER);
    },
    url: () => url,
    nextReady: () => nextPhase('ready'),
    nextFailed: () => nextPhase('failed'),
    clear,
  };
}

/** One request on a connection of its own; whoever signed the certificate. */
export function get(url: URL): Promise<Response> {
  const start = url.protocol === 'https:' ? requestTls : request;
  return new Promise((resolve, reject) => {
    const sent = start(url, { agent: false, rejectUnauthorized: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
