import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeTools } from '../../helpers/compose.ts';
import { type Bench, roundRobin, type Sample, timed } from '../bench.ts';
import { untilServed } from '../http.ts';
import type { Lab, Project } from '../lab.ts';
import { containerOf } from '../raw.ts';

/** In the place of a compose service, over docker compose, which runs the same image's Apache by hand. */
export const compose: Bench = {
  name: 'compose',
  about: 'up --debug --service to the first 200, over docker compose up -d',
  rounds: 15,
  rows: [
    {
      title: '`up --debug --service`, warm, to 200 / docker compose up -d',
      value: 'warm',
      over: 'compose',
      unit: 'ms',
      goal: { most: 0.75 },
    },
    {
      title: '`up --debug --service`, first, to 200 / docker compose up -d',
      value: 'first',
      over: 'compose',
      unit: 'ms',
    },
    { title: '`down` of that / docker compose down', value: 'down', over: 'composeDown', unit: 'ms' },
  ],
  async run(lab, rounds) {
    const before = { PATH: lab.env.PATH, DOCKER_CONFIG: lab.env.DOCKER_CONFIG };
    Object.assign(lab.env, composeTools());
    const project = await prepare(lab);
    const up = async (...args: readonly string[]): Promise<void> => {
      await lab.wsgiDev(project, 'up', '-d', ...args);
      await untilServed(project.port);
    };
    try {
      return await roundRobin(rounds, [
        () => composeCycle(lab, project),
        async () => {
          const first = await timed(() => up('--debug'));
          // It is up for other requests: to debug is an order to the container that runs.
          await up();
          const warm = await timed(() => up('--debug'));
          return { first, warm, down: await timed(() => lab.wsgiDev(project, 'down')) };
        },
      ]);
    } finally {
      await inCompose(lab, project, 'down', '--timeout', '1');
      Object.assign(lab.env, before);
    }
  },
};

/** The same image for both: wsgi-dev's own, whose Apache the service runs with the configuration that wsgi-dev made. */
async function prepare(lab: Lab): Promise<Project> {
  const project = await lab.project('bench-compose');
  const { directory, port } = project;
  await lab.wsgiDev(project, 'up', '-d', '--debug', '-p', `127.0.0.1:${port}`);
  const container = await containerOf(lab, project);
  const inspected = async (field: string): Promise<string> =>
    (await lab.docker('inspect', '--format', `{{.Config.${field}}}`, container)).trim();
  const [image, user] = [await inspected('Image'), await inspected('User')];
  const configuration = await lab.docker('exec', container, 'cat', '/tmp/wsgi-dev/httpd.conf');
  await lab.wsgiDev(project, 'down');
  const apache = lab.directory('bench-compose-apache');
  // Elsewhere than wsgi-dev's own, which takes the service's volumes along.
  const moved = configuration.replaceAll('/tmp/wsgi-dev', '/srv/apache');
  writeFileSync(join(apache, 'httpd.conf'), moved, { mode: 0o644 });
  const entry = "import sys\nsys.path.insert(0, '/app')\nfrom wsgi import application\n";
  writeFileSync(join(apache, 'entry.wsgi'), entry, { mode: 0o644 });
  const [, label = ''] = lab.mark;
  const web = {
    image,
    user,
    command: ['apache2', '-f', '/srv/apache/httpd.conf', '-X', '-DONE_PROCESS'],
    ports: [`127.0.0.1:${port}:8000`],
    volumes: [`${directory}:/app`, `${apache}:/srv/apache`],
    labels: [label],
    // Apache takes SIGTERM, as an image for it would say: nothing is waited for.
    stop_signal: 'SIGTERM',
  };
  // As JSON it is YAML too.
  writeFileSync(join(directory, 'compose.yaml'), JSON.stringify({ services: { web } }));
  writeFileSync(join(directory, 'wsgi-dev.yaml'), 'python: "3.11"\ncompose: {service: web}\n');
  return project;
}

async function composeCycle(lab: Lab, project: Project): Promise<Sample> {
  const compose = await timed(async () => {
    await inCompose(lab, project, 'up', '-d');
    await untilServed(project.port);
  });
  return { compose, composeDown: await timed(() => inCompose(lab, project, 'down')) };
}

async function inCompose(lab: Lab, { directory }: Project, ...args: readonly string[]): Promise<void> {
  await lab.docker('compose', '--project-directory', directory, '--file', join(directory, 'compose.yaml'), ...args);
}
