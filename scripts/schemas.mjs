// Writes schemas/ from the program's own descriptions:
//   node scripts/schemas.mjs
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
// Within the tree, so that the bundle finds zod.
const bundle = join(root, 'dist', `schemas-${process.pid}.mjs`);
try {
  await build({
    entryPoints: [join(root, 'src/schemas.ts')],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  const { schemaFiles } = await import(bundle);
  mkdirSync(join(root, 'schemas'), { recursive: true });
  for (const [name, text] of schemaFiles()) writeFileSync(join(root, 'schemas', name), text);
} finally {
  rmSync(bundle, { force: true });
}
