import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, roundRobin, type Sample, timed } from '../bench.ts';
import type { Lab, Project } from '../lab.ts';

const REQUIREMENTS = ['Flask==3.1.3', 'requests==2.32.3', 'SQLAlchemy==2.0.36'];
const ADDED = 'itsdangerous==2.2.0';

/** What a change of the requirements costs, with either of the engine's builders. */
export const build: Bench = {
  name: 'build',
  about: 'the image after a requirement was added: BuildKit beside the classic builder',
  rounds: 5,
  rows: [{ title: 'a requirement added, BuildKit / the classic builder', value: 'kit', over: 'classic', unit: 'ms' }],
  async run(lab, rounds) {
    const project = await lab.project('bench-build');
    return await roundRobin(rounds, [() => added(lab, project, '1', 'kit'), () => added(lab, project, '0', 'classic')]);
  },
};

/** A file of requirements that no builder has seen, of packages that it has. */
async function added(lab: Lab, project: Project, kit: string, name: string): Promise<Sample> {
  writeFileSync(
    join(project.directory, 'requirements.txt'),
    `# ${randomUUID()}\n${[...REQUIREMENTS, ADDED].join('\n')}\n`,
  );
  lab.env.DOCKER_BUILDKIT = kit;
  return { [name]: await timed(() => lab.wsgiDev(project, 'build', '--progress', 'quiet')) };
}
