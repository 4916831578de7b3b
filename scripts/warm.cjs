'use strict';
// Run by the build, in a process of its own: runs the bundle's common ways once, then writes V8's code cache, which
// so holds the functions that those ways compiled. Usage: node warm.cjs DIST
const { readFileSync, writeFileSync, mkdtempSync, rmSync } = require('node:fs');
const { createRequire } = require('node:module');
const { tmpdir } = require('node:os');
const { dirname, join, resolve } = require('node:path');
const { Script } = require('node:vm');
const { fakeEngine } = require('./fake-engine.cjs');

const dist = resolve(process.argv[2]);
const filename = join(dist, 'cli.cjs');
const wrapper = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, 'latin1')}\n})`;
const script = new Script(wrapper, { filename });
const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-warm-'));

// Neither the engine nor the cache directory of the person who builds is touched.
const socket = join(directory, 'engine.sock');
const environment = {
  DOCKER_HOST: `unix://${socket}`,
  DOCKER_CONTEXT: '',
  HOME: directory,
  XDG_CACHE_HOME: directory,
  NO_COLOR: '1',
};
const ways = [
  ['--help'],
  ['ps'],
  ['up', '--dry-run', '--app', 'app:application'],
  ['up', '-d', '--app', 'app:application'],
];

class Exit extends Error {}

async function run(argv) {
  process.argv = [process.execPath, filename, ...argv];
  const module_ = { exports: {} };
  script
    .runInThisContext()
    .call(module_.exports, module_.exports, createRequire(filename), module_, filename, dirname(filename));
  await new Promise((done) => setTimeout(done, 400));
}

const exit = process.exit;

async function main() {
  Object.assign(process.env, environment);
  writeFileSync(join(directory, 'app.py'), 'def application(environ, start_response):\n    pass\n');
  process.chdir(directory);
  fakeEngine(socket);
  process.exit = () => {
    throw new Exit();
  };
  // What these runs say and how they end is of no interest; that they failed to load at all shows in the tests.
  process.on('uncaughtException', () => {});
  process.on('unhandledRejection', () => {});
  const write = { stdout: process.stdout.write, stderr: process.stderr.write };
  process.stdout.write = () => true;
  process.stderr.write = () => true;
  for (const way of ways) {
    try {
      await run(way);
    } catch {
      // As above.
    }
  }
  process.stdout.write = write.stdout;
  process.stderr.write = write.stderr;
  writeFileSync(join(dist, 'cli.cache'), script.createCachedData());
  rmSync(directory, { recursive: true, force: true });
  exit.call(process, 0);
}

main().catch((error) => {
  console.error(error);
  exit.call(process, 1);
});
