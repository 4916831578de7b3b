import { execFileSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { type Bench, roundRobin } from '../bench.ts';

/** Is the image current? Measured inside a process that is built and started as the command itself is. */
export const image: Bench = {
  name: 'image',
  about: 'whether the image is current: hashing its inputs and asking the engine',
  rounds: 20,
  rows: [
    { title: 'image is current, in a new process', value: 'first', unit: 'ms', goal: { most: 5 } },
    { title: 'image is current, again in the same one', value: 'again', unit: 'ms' },
  ],
  async run(lab, rounds) {
    const dist = join(lab.root, 'node_modules/.cache/wsgi-dev-bench/probe');
    const env = { ...lab.env, WSGI_DEV_BENCH_PACKAGE: resolve(dirname(lab.cli), '../..') };
    const build = [join(lab.root, 'scripts/build.mjs'), join(lab.root, 'test/bench/image-probe.ts'), dist];
    execFileSync(process.execPath, build, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const { directory } = await lab.project('bench-one');
    const probe = (): string =>
      execFileSync(process.execPath, [join(dist, 'bin/wsgi-dev.cjs')], { cwd: directory, env, encoding: 'utf8' });
    return await roundRobin(rounds, [() => Promise.resolve(JSON.parse(probe()) as { first: number; again: number })]);
  },
};
