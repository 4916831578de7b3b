// Makes dist/: one bundle, its code cache, the launcher, and what reports are made of.
//   node scripts/build.mjs [ENTRY [DIST]]
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { lazyPlugin } from './lazy.mjs';
import { writeReportAssets } from './report-assets.mjs';

const root = resolve(import.meta.dirname, '..');
const [entry = join(root, 'src/cli.ts'), dist = join(root, 'dist')] = process.argv
  .slice(2)
  .map((path) => resolve(path));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'bin'), { recursive: true });
await bundle();
await writeReportAssets(root, dist);
await writeRunnerHash();
writeLauncher();
writeCodeCache();

async function bundle() {
  await build({
    entryPoints: [entry],
    outfile: join(dist, 'cli.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    // import() becomes a lazy require: a script from vm has no loader for modules.
    supported: { 'dynamic-import': false },
    define: {
      'import.meta.url': 'importMetaUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
      __VERSION__: JSON.stringify(version),
    },
    inject: [join(root, 'scripts/import-meta-url.js')],
    nodePaths: [join(root, 'node_modules')],
    // Its build for Node requires its parts by way of a parameter, which no bundler follows.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // Needed by builds alone, and dockerode brings it in any case.
    external: ['protobufjs/light.js'],
    plugins: [lazyPlugin],
  });
}

/** Of the files of images/runner, by the program's own means. */
async function writeRunnerHash() {
  const bundle = join(dist, 'runner-hash.mjs');
  await build({
    stdin: {
      contents: "export * from './project/runner.ts'; export * from './plan/lock.ts';",
      resolveDir: join(root, 'src'),
    },
    outfile: bundle,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  const { RUNNER_HASH, hashOf, runnerFiles } = await import(bundle);
  writeFileSync(join(dist, basename(RUNNER_HASH)), hashOf(runnerFiles(root)));
  rmSync(bundle);
}

function writeLauncher() {
  const path = join(dist, 'bin/wsgi-dev.cjs');
  const source = readFileSync(join(root, 'scripts/launcher.cjs'), 'utf8').replaceAll('VERSION', version);
  writeFileSync(path, source);
  chmodSync(path, 0o755);
}

/** In a process of its own: the bundle's globals and signal handlers stay out of this one. */
function writeCodeCache() {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/warm.cjs'), dist], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) {
    throw new Error(`scripts/warm.cjs ended with ${status}`);
  }
}
