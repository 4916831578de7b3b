import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** What the pages of reports are made of, as texts in DIST/report: their own style and scripts, and the player's. */
export async function writeReportAssets(root, dist) {
  const pages = join(root, 'src/report/page');
  const player = join(root, 'node_modules/asciinema-player/dist/bundle');
  await build({
    entryPoints: ['page.css', 'page.js', 'theme.js'].map((name) => join(pages, name)),
    outdir: join(dist, 'report'),
    minify: true,
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'warning',
  });
  for (const [from, to] of [
    ['asciinema-player.css', 'player.css'],
    ['asciinema-player.min.js', 'player.js'],
  ]) {
    const text = readFileSync(join(player, from), 'utf8');
    if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${from} can't stand within a page: it would end there`);
    writeFileSync(join(dist, 'report', to), text);
  }
}
