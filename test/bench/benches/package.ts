import { execFileSync } from 'node:child_process';
import type { Bench } from '../bench.ts';

const MB = 1_000_000;

/** What somebody downloads, and keeps on their disk, besides the libraries. */
export const packed: Bench = {
  name: 'package',
  about: 'the size of the package that npm packs',
  rounds: 1,
  rows: [
    { title: 'the package, packed', value: 'packed', unit: 'MB', goal: { most: 2 } },
    { title: 'the package, unpacked', value: 'unpacked', unit: 'MB' },
  ],
  async run(lab) {
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
    const [{ size, unpackedSize }] = JSON.parse(execFileSync('npm', args, { cwd: lab.root, encoding: 'utf8' }));
    return [{ packed: size / MB, unpacked: unpackedSize / MB }];
  },
};
