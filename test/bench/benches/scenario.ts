import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, roundRobin, timed } from '../bench.ts';
import { untilServed } from '../http.ts';
import type { Lab, Project } from '../lab.ts';

const ONE_STOP = `
steps:
  - request: GET /stop
  - stop: {at: wsgi.py, commands: [p 1, p 2, p 3, p 4, continue]}
  - response: 200
`;
/** So many scenarios side by side, and so many for a look at the memory. */
const SIDE_BY_SIDE = 50;
const FEW = 100;
const MANY = 500;

/** Runs of scenarios: one against the same by hand, many side by side, and the client's memory over many. */
export const scenario: Bench = {
  name: 'scenario',
  about: 'ci: one scenario over up --debug and a request; jobs; memory',
  rounds: 3,
  rows: [
    {
      title: '`ci`, one stop and five commands / `up --debug`, a request, `down`',
      value: 'ci',
      over: 'byHand',
      unit: 'ms',
      goal: { most: 1.3 },
    },
    {
      title: `${SIDE_BY_SIDE} scenarios, one after the other / \`--jobs 2\``,
      value: 'oneJob',
      over: 'twoJobs',
      unit: 'ms',
      goal: { least: 1.7 },
    },
    {
      title: `memory over ${MANY} scenarios / over ${FEW}`,
      value: 'many',
      over: 'few',
      unit: 'MB',
      goal: { most: 1.1 },
    },
  ],
  async run(lab, rounds) {
    const project = await lab.project('bench-scenario');
    await lab.wsgiDev(project, 'build');
    scenarios(project, 'one', 1);
    scenarios(project, 'fifty', SIDE_BY_SIDE);
    scenarios(project, 'few', FEW);
    scenarios(project, 'many', MANY);
    const ci = async (folder: string, jobs: number): Promise<number> =>
      await timed(() => lab.wsgiDev(project, 'ci', folder, '--jobs', String(jobs), '--output', 'report'));
    const samples = await roundRobin(rounds, [
      async () => ({ ci: await ci('one', 1) }),
      async () => ({ byHand: await timed(() => byHand(lab, project)) }),
      async () => ({ oneJob: await ci('fifty', 1) }),
      async () => ({ twoJobs: await ci('fifty', 2) }),
    ]);
    const [few, many] = [memory(lab, project, 'few'), memory(lab, project, 'many')];
    return samples.map((sample) => ({ ...sample, few, many }));
  },
};

async function byHand(lab: Lab, project: Project): Promise<void> {
  await lab.wsgiDev(project, 'up', '-d', '--debug', '-p', `127.0.0.1:${project.port}`);
  await untilServed(project.port);
  await lab.wsgiDev(project, 'down');
}

function scenarios(project: Project, folder: string, count: number): void {
  const directory = join(project.directory, folder);
  mkdirSync(directory);
  for (let number = 1; number <= count; number += 1) {
    writeFileSync(join(directory, `${number}.scenario.yaml`), `name: number ${number}\n${ONE_STOP}`);
  }
}

/** The most memory that the client had, in MB. */
function memory(lab: Lab, project: Project, folder: string): number {
  const measure =
    'import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); ' +
    'print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)';
  const command = [process.execPath, lab.cli, 'ci', folder, '--jobs', '2', '--output', 'report'];
  const said = execFileSync('python3', ['-c', measure, ...command], {
    cwd: project.directory,
    env: lab.env,
    encoding: 'utf8',
  });
  return Number(said) / 1024;
}
