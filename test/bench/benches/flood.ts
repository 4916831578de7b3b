import { readFileSync, writeFileSync } from 'node:fs';
import { type Bench, roundRobin, type Sample, timed } from '../bench.ts';
import type { Lab, Project } from '../lab.ts';
import { attached } from './prompt.ts';

const MEGABYTES = 100;
const COMMAND = `print('x' * ${MEGABYTES}_000_000)\r`;

/** 100 MB printed at the prompt: how fast they come, and what they take of the client's memory. */
export const flood: Bench = {
  name: 'flood',
  about: `${MEGABYTES} MB printed at the prompt, over docker attach`,
  rounds: 7,
  rows: [
    {
      title: `${MEGABYTES} MB at the prompt / docker attach`,
      value: 'wsgiDev',
      over: 'docker',
      unit: 'MB/s',
      goal: { least: 1 },
    },
    { title: 'memory of the client above idle, in that flood', value: 'wsgiDevGrowth', unit: 'MB', goal: { most: 50 } },
    { title: 'the same of docker attach', value: 'dockerGrowth', unit: 'MB' },
  ],
  async run(lab, rounds) {
    const project = await lab.project('bench-one');
    await lab.wsgiDev(project, 'up', '-d', '--debug', '-p', `127.0.0.1:${project.port}`);
    const measure = (by: 'wsgi-dev' | 'docker', name: string) => () => floodOnce(lab, project, by, name);
    return await roundRobin(rounds, [measure('wsgi-dev', 'wsgiDev'), measure('docker', 'docker')]);
  },
};

async function floodOnce(lab: Lab, project: Project, by: 'wsgi-dev' | 'docker', name: string): Promise<Sample> {
  const { pty, leave } = await attached(lab, project, by);
  const idle = memory(pty.pid, 'VmRSS');
  // Sets the peak back to what is resident now.
  writeFileSync(`/proc/${pty.pid}/clear_refs`, '5');
  let bytes = 0;
  const ms = await timed(async () => {
    const printed = pty.until(/x\r?\n[\s\S]{0,600}\(Pdb\) (?:\x1b\][^\x07]*\x07)?$/, 120_000);
    pty.write(COMMAND);
    bytes = await printed;
  });
  const peak = memory(pty.pid, 'VmHWM');
  await leave();
  if (bytes < MEGABYTES * 1e6) throw new Error(`${by} showed ${bytes} bytes only`);
  return { [name]: bytes / 1e6 / (ms / 1000), [`${name}Growth`]: peak - idle };
}

/** In MB. */
function memory(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}
