import { type Bench, roundRobin, timed } from '../bench.ts';

/** What the command itself costs before it does anything. */
export const cli: Bench = {
  name: 'cli',
  about: 'version and --help, over node -e 0',
  rounds: 40,
  rows: [
    { title: '`version` / node -e 0', value: 'version', over: 'node', unit: 'ms', goal: { most: 1.3 } },
    { title: '`--help` / node -e 0', value: 'help', over: 'node', unit: 'ms' },
  ],
  async run(lab, rounds) {
    return await roundRobin(rounds, [
      async () => ({ node: await timed(() => lab.node('-e', '0')) }),
      async () => ({ version: await timed(() => lab.node(lab.cli, 'version')) }),
      async () => ({ help: await timed(() => lab.node(lab.cli, '--help')) }),
    ]);
  },
};
