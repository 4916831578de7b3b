// Records a real session in examples/hello on a pseudo-terminal and draws it as docs/session.svg:
//   node scripts/recording.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import { drawing } from './drawing.mjs';

const root = resolve(import.meta.dirname, '..');
const cli = join(root, 'dist/bin/wsgi-dev.cjs');
const example = join(root, 'examples/hello');
const size = { columns: 96, rows: 21 };
/** Seconds: a key, a look at what came, and the longest time that nothing happens. */
const pace = { key: 0.06, look: 1.6, idle: 2 };

const bin = mkdtempSync(join(tmpdir(), 'wsgi-dev-recording-'));
try {
  symlinkSync(cli, join(bin, 'wsgi-dev'));
  execFileSync(process.execPath, [cli, '-C', example, 'build', '--progress', 'quiet'], { stdio: 'inherit' });
  const chunks = await record();
  writeFileSync(join(root, 'docs/session.svg'), await drawing(chunks, size));
} finally {
  execFileSync(process.execPath, [cli, '-C', example, '-q', 'down'], { stdio: 'inherit' });
  rmSync(bin, { recursive: true, force: true });
}

/** What a person would do; resolves with what the terminal was sent, each with its time in seconds. */
async function record() {
  const { PATH, HOME, DOCKER_HOST } = process.env;
  // What else runs on this machine is no matter of the recording.
  const WSGI_DEV_PORT = String(await freePort());
  const env = {
    HOME,
    PATH: `${bin}${delimiter}${PATH}`,
    PS1: '$ ',
    LANG: 'C.UTF-8',
    WSGI_DEV_PORT,
    ...(DOCKER_HOST && { DOCKER_HOST }),
  };
  const shell = spawn('bash', ['--norc', '--noprofile'], {
    ...{ cols: size.columns, rows: size.rows, cwd: example, name: 'xterm-256color', env },
  });
  const chunks = [];
  let text = '';
  let seen = 0;
  let look = () => {};
  // Time as it will be shown: what the machine was slow at is cut.
  let shown = 0;
  let last = performance.now();
  shell.onData((data) => {
    const now = performance.now();
    shown += Math.min((now - last) / 1000, pace.idle);
    last = now;
    chunks.push({ time: shown, data });
    text += data;
    look();
  });
  const until = (pattern) =>
    new Promise((found, failed) => {
      const timer = setTimeout(() => failed(new Error(`no ${pattern} in:\n${text.slice(seen)}`)), 60_000);
      look = () => {
        const match = pattern.exec(text.slice(seen));
        if (match === null) return;
        clearTimeout(timer);
        look = () => {};
        seen += match.index + match[0].length;
        found(match);
      };
      look();
    });
  const type = async (keys) => {
    for (const key of keys) {
      await sleep(pace.key * 1000);
      shell.write(key);
    }
  };
  const pause = () => sleep(pace.look * 1000);

  await until(/\$ /);
  await type('wsgi-dev up --debug\r');
  const [, url] = await until(/(?:Ready|Running): .*?(http:\/\/[\d.:]+\/)/);
  await pause();
  const response = fetch(`${url}?name=Ada`).then((answer) => answer.text());
  await until(/\(Pdb\) /);
  await pause();
  await type('p name, query\r');
  await until(/\(Pdb\) $/);
  await pause();
  await type('name = name.upper()\r');
  await until(/\(Pdb\) $/);
  await type('c\r');
  if ((await response) !== 'Hello, ADA!\n') throw new Error(`the response is ${await response}`);
  await until(/ ms\r?\n/);
  await pause();
  await type('\x03');
  await pause();
  await type('\x03');
  await until(/\$ $/);
  shell.kill();
  return chunks;
}

/** 8000 where it is free, else the next one that is. */
async function freePort(port = 8000) {
  const server = createServer();
  const free = await new Promise((settle) => {
    server.once('error', () => settle(false)).listen(port, '127.0.0.1', () => server.close(() => settle(true)));
  });
  return free ? port : await freePort(port + 1);
}
