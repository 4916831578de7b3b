import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { sourceAt } from '../helpers/prompt.ts';
import { CLI, get, useProject } from '../helpers/session-project.ts';

const project = useProject();
afterEach(() => project.clear());

interface Piped {
  readonly url: string;
  type(text: string): void;
  endInput(): void;
  kill(signal: NodeJS.Signals): void;
  /** stdout so far. */
  shown(): string;
  until(pattern: RegExp): Promise<void>;
  readonly ended: Promise<number | null>;
}

/** `up --debug` with pipes for stdin and stdout, or /dev/null for stdin, once the server is ready. */
async function piped(
  stdin: 'pipe' | 'ignore',
  args: readonly string[] = ['up', '--debug', '--port', '0'],
): Promise<Piped> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: project.directory, stdio: [stdin, 'pipe', 'pipe'] });
  const { stdout, stderr } = child as unknown as { stdout: Readable; stderr: Readable };
  let shown = '';
  let said = '';
  stdout.setEncoding('utf8').on('data', (chunk: string) => {
    shown += chunk;
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  const url = await new Promise<string>((resolve, reject) => {
    stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      const found = /(?:Ready|Running): (http:\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then((code) => reject(new Error(`ended with ${code}: ${said}${shown}`)));
  });
  return {
    url,
    type: (text) => void child.stdin?.write(text),
    endInput: () => void child.stdin?.end(),
    kill: (signal) => void child.kill(signal),
    shown: () => shown,
    until: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!pattern.test(shown)) return;
          stdout.off('data', look);
          resolve();
        };
        stdout.on('data', look);
        look();
      }),
    ended,
  };
}

test('lines of a pipe are typed at the prompt; the output is plain, and the end of the request is the end', async () => {
  const session = await piped('pipe');
  session.type('p name\nc\n');
  session.endInput();
  expect(await get(new URL('/stop?you', session.url))).toEqual({ status: 200, body: 'Hello, you!\n' });
  expect(await session.ended).toBe(0);
  const stop = sourceAt('wsgi\\.py\\(\\d+\\)stop', 'return [^\\n]*');
  expect(session.shown()).toMatch(
    new RegExp(`^\\[1\\] GET /stop\\?you\\n${stop}\\(Pdb\\) p name\\n'you'\\n\\(Pdb\\) c\\n`),
  );
  expect(session.shown()).not.toMatch(/[\x1b\r\x07]|7117/);
  expect(project.container()).toBeUndefined();
});

test('where the input ends at a prompt, the request goes on', async () => {
  const session = await piped('pipe');
  session.type('p name');
  session.endInput();
  expect(await get(new URL('/stop', session.url))).toMatchObject({ status: 200 });
  expect(await session.ended).toBe(0);
  expect(session.shown()).toMatch(/'world'\n/);
});

test('one line for each prompt, over several stops', async () => {
  const session = await piped('pipe');
  session.type('n\n');
  const response = get(new URL('/nested?Ann', session.url));
  await session.until(/-> return loud\n\(Pdb\) $/);
  session.type('p loud\nu\np name\nc\n');
  session.endInput();
  expect(await response).toEqual({ status: 200, body: 'DEAR ANN\n' });
  expect(await session.ended).toBe(0);
  expect(session.shown()).toMatch(/'DEAR ANN'\n\(Pdb\) u\n> \/app\/library[\s\S]*\(Pdb\) p name\n'Ann'\n\(Pdb\) c\n/);
});

test('stdin from /dev/null: a stop goes on by itself, and what is printed stays plain', async () => {
  const session = await piped('ignore');
  expect(await get(new URL('/stop', session.url))).toEqual({ status: 200, body: 'Hello, world!\n' });
  expect(await session.ended).toBe(0);
  expect(session.shown()).not.toMatch(/[\x1b\r]/);
});

test('5 MB through a pipe come whole', async () => {
  const session = await piped('pipe');
  session.type('for line in lines: print(line)\nc\n');
  session.endInput();
  expect(await get(new URL('/flood', session.url))).toMatchObject({ status: 200 });
  expect(await session.ended).toBe(0);
  const printed = session.shown().match(/^\d{6} x{92}$/gm);
  expect(printed?.map((line) => Number(line.slice(0, 6)))).toEqual(Array.from({ length: 50_000 }, (_, at) => at));
});

test('SIGINT ends with 130, SIGTERM with 0, and neither leaves anything', async () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 0],
  ] as const) {
    const session = await piped('pipe');
    session.kill(signal);
    expect(await session.ended).toBe(code);
    expect(project.container()).toBeUndefined();
  }
});

test('a reader that leaves leaves the server running', async () => {
  const script = '"$0" "$1" up --debug --port 0 </dev/zero | head -c 20';
  await new Promise<void>((resolve, reject) => {
    const shell = execFile('sh', ['-c', script, process.execPath, CLI], { cwd: project.directory }, (error) =>
      error === null ? resolve() : reject(error),
    );
    let said = '';
    shell.stderr?.on('data', (chunk: string) => {
      said += chunk;
      const url = /Ready: (http:\S+)/.exec(said)?.[1];
      if (url === undefined) return;
      said = '';
      get(new URL('/fails', url))
        .then(() => get(new URL('/fails', url)))
        .catch(reject);
    });
  });
  expect(project.docker('inspect', '-f', '{{.State.Status}}', project.container() ?? 'none')).toBe('running');
});

test('lines that are piped are recorded as typed ones are', async () => {
  const session = await piped('pipe', ['up', '--debug', '--port', '0', '--record', 'piped.yaml']);
  session.type('p name\n');
  session.endInput();
  expect(await get(new URL('/stop?Ada', session.url))).toMatchObject({ status: 200 });
  expect(await session.ended).toBe(0);
  expect(readFileSync(join(project.directory, 'piped.yaml'), 'utf8')).toMatch(
    /post_mortem: false\n[\s\S]*- request: GET \/stop\?Ada\n[\s\S]*- run: p name\n +expect: "'Ada'"\n +- continue\n +- response: 200\n/,
  );
});
