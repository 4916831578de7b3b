import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { apache } from './benches/apache.ts';
import { breaks } from './benches/breaks.ts';
import { build } from './benches/build.ts';
import { cli } from './benches/cli.ts';
import { compose } from './benches/compose.ts';
import { down, restart, start } from './benches/containers.ts';
import { devcontainer } from './benches/devcontainer.ts';
import { echo } from './benches/echo.ts';
import { edit } from './benches/edit.ts';
import { flood } from './benches/flood.ts';
import { image } from './benches/image.ts';
import { packed } from './benches/package.ts';
import { scenario } from './benches/scenario.ts';
import { serve } from './benches/serve.ts';
import { createLab, type Lab } from './lab.ts';
import { failedRows, judge, type Row, skippedRows } from './rows.ts';
import { asMarkdown, asText, writeDocument } from './table.ts';

const benches: readonly Bench[] = [
  start,
  restart,
  apache,
  down,
  cli,
  image,
  packed,
  build,
  echo,
  flood,
  edit,
  serve,
  breaks,
  scenario,
  compose,
  devcontainer,
];

/** Runs the benches named in `argv` (all without); returns the exit code: 1 when a measurement failed. */
export async function main(argv: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { rounds: { type: 'string' }, write: { type: 'boolean' } },
  });
  const wanted = benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const unknown = positionals.find((name) => !benches.some((bench) => bench.name === name));
  if (unknown !== undefined || (values.rounds !== undefined && !(Number(values.rounds) >= 1))) {
    const names = benches.map(({ name, about }) => `  ${name.padEnd(10)}${about}\n`).join('');
    process.stderr.write(`usage: node test/bench/main.mjs [NAME…] [--rounds N] [--write]\n${names}`);
    return 2;
  }
  if (values.write && wanted.length < benches.length) {
    process.stderr.write('--write replaces the whole table: leave the names out\n');
    return 2;
  }
  const lab = createLab(root, resolve(process.env.WSGI_DEV_CLI ?? join(root, 'dist/bin/wsgi-dev.cjs')));
  const rows: Row[] = [];
  for (const bench of wanted) {
    rows.push(...(await runBench(bench, lab, values.rounds === undefined ? bench.rounds : Number(values.rounds))));
  }
  lab.cleanUp();
  process.stdout.write(`${asText(rows)}\n`);
  if (values.write) writeDocument(join(root, 'docs/performance.md'), asMarkdown(rows), await describeMachine(lab));
  return rows.some(({ failed }) => failed) ? 1 : 0;
}

async function runBench(bench: Bench, lab: Lab, rounds: number): Promise<readonly Row[]> {
  const missing = bench.missing?.();
  if (missing !== undefined) return skippedRows(bench, missing);
  process.stderr.write(`${bench.name}: ${rounds} rounds\n`);
  try {
    const samples = await bench.run(lab, rounds);
    return bench.rows.map((row) => judge(row, samples));
  } catch (error) {
    process.stderr.write(`${bench.name}: ${error instanceof Error ? error.stack : String(error)}\n`);
    return failedRows(bench, error);
  } finally {
    lab.cleanUp();
  }
}

async function describeMachine(lab: Lab): Promise<string> {
  const engine = (await lab.docker('version', '--format', '{{.Server.Version}}')).trim();
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, ${cpus().length} CPUs, Docker Engine ${engine}, Node ${process.versions.node}`;
}
