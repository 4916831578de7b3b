import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Sample } from '../bench.ts';
import type { Pty } from '../pty.ts';
import { attached } from './prompt.ts';

/** Keys typed on each of two equal terminals before the programs on them change places. */
const KEYS = 100;

/** One key at the prompt and its echo: two equal projects, each stopped, wsgi-dev on one and docker on the other. */
export const echo: Bench = {
  name: 'echo',
  about: `a key's echo at the prompt, over docker attach; a round is ${KEYS} keys on each`,
  rounds: 12,
  rows: [
    {
      title: 'echo of a key / docker attach, median',
      value: 'wsgiDev',
      over: 'docker',
      unit: 'µs',
      goal: { most: 1.1 },
    },
    {
      title: 'echo of a key / docker attach, p99',
      value: 'wsgiDev',
      over: 'docker',
      unit: 'µs',
      statistic: 'p99',
      goal: { most: 1.2 },
    },
  ],
  async run(lab, rounds) {
    const projects = [await lab.project('bench-one'), await lab.project('bench-two')] as const;
    for (const project of projects) {
      await lab.wsgiDev(project, 'up', '-d', '--debug', '-p', `127.0.0.1:${project.port}`);
    }
    const samples: Sample[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const [left, right] = round % 2 === 0 ? projects : [projects[1], projects[0]];
      const wsgiDev = await attached(lab, left, 'wsgi-dev');
      const docker = await attached(lab, right, 'docker');
      for (let key = -5; key < KEYS; key += 1) {
        const first = key % 2 === 0;
        const early = await keyEcho(first ? wsgiDev.pty : docker.pty);
        const late = await keyEcho(first ? docker.pty : wsgiDev.pty);
        if (key >= 0) samples.push(first ? { wsgiDev: early, docker: late } : { wsgiDev: late, docker: early });
      }
      await Promise.all([wsgiDev.leave(), docker.leave()]);
    }
    return samples;
  },
};

/** Microseconds from the key to its echo. */
async function keyEcho(pty: Pty): Promise<number> {
  // A person's keys come one by one, to processes that sleep.
  await sleep(2 + Math.random() * 3);
  const echoed = pty.until(/a/);
  const begun = performance.now();
  pty.write('a');
  await echoed;
  const took = (performance.now() - begun) * 1000;
  const erased = pty.until(/\x08/);
  pty.write('\x7f');
  await erased;
  return took;
}
