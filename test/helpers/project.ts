import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { type CliOptions, type CliResult, type RunningCli, runCli, startCli } from './cli.ts';
import { containersOf, imagesOf, removeAllOf } from './docker.ts';

// Every test that makes a project starts containers, and some build an image.
vi.setConfig({ testTimeout: 120_000 });

/** Who owns a test's project: a plain developer where root runs the tests, else whoever runs them. */
export const developer = process.getuid?.() === 0 ? 1234 : (process.getuid?.() ?? 1234);

export interface ProjectOptions {
  /** UID and GID of every file. */
  readonly owner?: number;
  /** It outlives the test that makes it: the caller calls `remove` in afterAll. */
  readonly shared?: boolean;
}

export interface TestProject {
  readonly name: string;
  /** Absolute and real. */
  readonly directory: string;
  /** .wsgi-dev/run, where the runner keeps its state. */
  readonly state: string;
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  start(args: readonly string[], options?: CliOptions): RunningCli;
  /** `up -d --port 0 --format json` with `args`; throws what it said unless it succeeded. */
  up(...args: readonly string[]): Promise<Up>;
  write(files: Readonly<Record<string, string>>): void;
  containers(): ReturnType<typeof containersOf>;
  images(): ReturnType<typeof imagesOf>;
  /** Every path in the project's directory, relative, with its owner; without .wsgi-dev unless `all`. */
  listing(all?: boolean): readonly { readonly path: string; readonly uid: number }[];
  /** Removes the containers and images it has on the engine, and the directory. */
  remove(): Promise<void>;
}

/** The line that `up -d --format json` prints. */
export interface Up {
  readonly outcome: 'success';
  readonly project: string;
  readonly container: string;
  readonly url: string;
  readonly mode: 'serve' | 'debug';
  readonly image: string;
  readonly changed: readonly string[];
}

let count = 0;

/** A project with these files under a name of its own; a path that ends in "/" is a directory. */
export function makeProject(files: Readonly<Record<string, string>>, options: ProjectOptions = {}): TestProject {
  const { owner = developer, shared = false } = options;
  count += 1;
  const name = `e2e-${process.pid}-${count}`;
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'wsgi-dev-e2e-')));
  // Its owner, too, must get to it.
  chmodSync(base, 0o755);
  const directory = join(base, name);
  mkdirSync(directory);
  give(directory, owner);
  const project: TestProject = {
    name,
    directory,
    state: join(directory, '.wsgi-dev/run'),
    run: (args, rest) => runCli(args, { cwd: directory, ...rest }),
    start: (args, rest) => startCli(args, { cwd: directory, ...rest }),
    async up(...args) {
      const result = await project.run(['up', '-d', '--port', '0', '--format', 'json', ...args]);
      if (result.code !== 0) throw new Error(`up ended with ${result.code}:\n${result.stderr}`);
      return JSON.parse(result.stdout) as Up;
    },
    write: (more) => writeFiles(directory, more, owner),
    containers: () => containersOf(name, directory),
    images: () => imagesOf(name),
    listing: (all = false) =>
      readdirSync(directory, { recursive: true, encoding: 'utf8' })
        .filter((path) => all || !/^\.wsgi-dev(\/|$)/.test(path))
        .map((path) => ({ path, uid: lstatSync(join(directory, path)).uid })),
    async remove() {
      await removeAllOf(name, directory);
      rmSync(base, { recursive: true, force: true });
    },
  };
  project.write(files);
  if (!shared) onTestFinished(project.remove);
  return project;
}

function writeFiles(directory: string, files: Readonly<Record<string, string>>, owner: number): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    const folder = path.endsWith('/') ? file : dirname(file);
    mkdirSync(folder, { recursive: true });
    if (!path.endsWith('/')) writeFileSync(file, content);
    for (let one = file; one.length > directory.length; one = dirname(one)) give(one, owner);
  }
}

function give(path: string, owner: number): void {
  if (process.getuid?.() === 0) chownSync(path, owner, owner);
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One GET on a connection of its own: none is kept over a restart of the server. */
export function get(url: string, path = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(new URL(path, url), { agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

/**
 * Asks `url` until the answer's body matches. For serve mode after an edit only: it sends no events, and a request
 * that is on its way as the file is saved is rightly answered by the old code.
 */
export async function answers(url: string, pattern: RegExp): Promise<Answer> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await get(url);
    if (pattern.test(answer.body)) return answer;
    if (Date.now() > deadline) throw new Error(`${url} never answered ${pattern}: ${JSON.stringify(answer)}`);
  }
}

/** Resolves once `path` is there (or, `gone`, is there no longer), told by the kernel. Its directory must be there. */
export function fileThere(path: string, gone = false): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (existsSync(path) === gone) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(dirname(path), look);
    look();
  });
}

/** The smallest WSGI application, which answers with `body`, a Python expression. */
export function hello(body = '"hello"', before = ''): string {
  return [
    ...(before === '' ? [] : [before]),
    'def application(environ, start_response):',
    '    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])',
    `    return [str(${body}).encode()]`,
    '',
  ].join('\n');
}

/** The files of examples/NAME, as they would come from a fresh clone. */
export function exampleFiles(name: string): Readonly<Record<string, string>> {
  const directory = resolve(import.meta.dirname, '../../examples', name);
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !/(^|\/)(\.wsgi-dev|__pycache__)(\/|$)/.test(path) && statSync(join(directory, path)).isFile(),
  );
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
}
