import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command } from '../helpers/prompt.ts';
import type { Terminal } from '../helpers/pty.ts';
import { type Response, type SessionProject, useProject } from '../helpers/session-project.ts';

const versions = (process.env.WSGI_DEV_TEST_PYTHONS ?? '3.11').split(',');

const SCRIPT = `
import os
import signal
import time
import edition

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/slow":
        time.sleep(0.1)
    if path == "/stop":
        breakpoint()
    if path == "/crash":
        breakpoint()
        os.kill(os.getpid(), signal.SIGSEGV)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"edition {edition.NUMBER} at {environ['SERVER_ADDR']}".encode()]
`;
const edition = (number: number): string => `NUMBER = ${number}\n`;
const numberOf = ({ status, body }: Response): number => {
  expect(status).toBe(200);
  return Number(/^edition (\d+) at [\d.]+$/.exec(body)?.[1]);
};

/** Resolves when `count` requests wait behind the one that is stopped. */
async function waiting(project: SessionProject, count: number): Promise<void> {
  const file = join(project.directory, '.wsgi-dev/run/waiting.json');
  const told = (): number => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  await expect.poll(told, { timeout: 10_000 }).toBe(count);
}

describe.each(versions)('requests that wait for an edited application on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;

  beforeAll(async () => {
    project.write('edition.py', edition(0));
    project.write('wsgi.py', SCRIPT);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: wsgi.py\npython: "${python}"\n`);
    await project.build();
    terminal = await project.up();
  }, 400_000);
  afterAll(() => project.clear());

  test('while requests keep coming each save is served soon, and none of them is lost', async () => {
    let ended = false;
    const seen = new Set<number>();
    /** Asks again and again; what it is answered never goes back. */
    async function ask(): Promise<void> {
      for (let last = 0; !ended; ) {
        const number = numberOf(await project.get('/slow'));
        expect(number).toBeGreaterThanOrEqual(last);
        last = number;
        seen.add(number);
      }
    }
    const asking = Promise.all([ask(), ask(), ask()]).finally(() => {
      ended = true;
    });
    const served = (number: number): Promise<void> =>
      expect.poll(() => seen.has(number) || ended, { timeout: 5_000 }).toBe(true);
    await served(0);
    for (const number of [1, 2, 3, 4, 5]) {
      project.write('edition.py', edition(number));
      await terminal.until(/edition\.py changed: loading the application again\n[\s\S]*ready again/);
      await served(number);
    }
    ended = true;
    await asking;
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('those that wait behind a stop are answered by what was saved, whatever its client does', async () => {
    const { hostname, port } = new URL(project.url());
    const stopped = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    stopped.write('GET /stop HTTP/1.0\r\n\r\n');
    await terminal.until(/\(Pdb\) $/);
    const others = [project.get('/'), project.get('/slow'), project.get('/')];
    await waiting(project, 3);
    project.write('edition.py', edition(6));
    await command(terminal, 'p edition.NUMBER', /\n5\nwsgi-dev: 3 requests wait behind this one\n\(Pdb\) $/);
    const answered = once(stopped, 'data');
    terminal.type('c\r');
    expect(String((await answered)[0])).toMatch(/^HTTP\/1\.1 200 /);
    // It is still open on this side.
    expect((await Promise.all(others)).map(numberOf)).toEqual([6, 6, 6]);
    stopped.destroy();
  });

  test('those that wait behind one that crashes are answered by the process that follows', async () => {
    const crashing = project.get('/crash').catch(() => undefined);
    await terminal.until(/\(Pdb\) $/);
    const others = [project.get('/'), project.get('/')];
    await waiting(project, 2);
    terminal.type('c\r');
    await crashing;
    expect((await Promise.all(others)).map(numberOf)).toEqual([6, 6]);
  });
});
