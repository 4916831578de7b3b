#!/usr/bin/env -S node --
'use strict';
// `--`: Node looks for options of its own, such as --env-file, in the whole command line.
// Starts the bundle from V8's code cache, which spares parsing and compiling it. The build fills in VERSION.
if (process.argv.length === 3 && /^(version|--version)$/.test(process.argv[2])) {
  process.stdout.write('wsgi-dev VERSION\n');
} else {
  const { readFileSync } = require('node:fs');
  const { createRequire } = require('node:module');
  const { dirname, join } = require('node:path');
  const { Script } = require('node:vm');

  const filename = join(__dirname, '../cli.cjs');
  let cachedData;
  try {
    cachedData = readFileSync(join(__dirname, '../cli.cache'));
  } catch {
    // Without a cache it only starts slower; the same when another Node rejects it.
  }
  // The bundle is ASCII: latin1 spares decoding it.
  const wrapper = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, 'latin1')}\n})`;
  const main = new Script(wrapper, { filename, cachedData }).runInThisContext();
  const module_ = { exports: {} };
  main.call(module_.exports, module_.exports, createRequire(filename), module_, filename, dirname(filename));
}
