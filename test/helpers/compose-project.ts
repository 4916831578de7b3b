import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { composeTools } from './compose.ts';
import { docker } from './docker.ts';
import { buildTestImage } from './images.ts';
import { makeProject, type TestProject } from './project.ts';

/** A project with a compose file. */
export interface ComposeProject extends TestProject {
  /** A port of the host that nothing listens on, which the service is published on. */
  readonly port: number;
  /** `docker compose ARGS` there, to its end: what it printed on stdout; throws what it said unless it succeeded. */
  compose(...args: readonly string[]): Promise<string>;
  /** The project's containers, as compose knows them: service, state and name, sorted; stopped ones too. */
  services(): Promise<readonly string[]>;
}

/** Makes `process.env` that of `docker compose`, and builds the images that the services are made of. */
export async function prepareCompose(images: readonly string[] = ['postgres', 'django']): Promise<void> {
  Object.assign(process.env, composeTools());
  for (const image of images) await buildTestImage(image, 'bookworm');
}

/**
 * The project in test/e2e/`app` (Django on PostgreSQL) with `files` besides, or in place of, its own; shared by a file's
 * tests: it calls `remove` at the end.
 */
export async function makeComposeProject(
  files: Readonly<Record<string, string>> = {},
  app = 'compose-app',
): Promise<ComposeProject> {
  const own = applicationFiles(join(import.meta.dirname, '../e2e', app));
  const project = makeProject({ ...own, ...files }, { shared: true });
  const port = await freePort();
  Object.assign(process.env, { PROJECT: project.name, PORT: `${port}`, TOKEN: 'from the environment' });
  const compose = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('docker', ['compose', '--ansi', 'never', ...args], {
      cwd: project.directory,
    });
    return stdout;
  };
  return {
    ...project,
    port,
    compose,
    async services() {
      const label = [`com.docker.compose.project=${project.name}`];
      const all = await docker.listContainers({ all: true, filters: { label } });
      const said = ({ Labels, State, Names }: (typeof all)[number]): string =>
        `${Labels['com.docker.compose.service']} ${State} ${Names[0]?.replace(`/${project.name}-`, '')}`;
      return all.map(said).toSorted();
    },
    async remove() {
      await compose('--profile', '*', 'down', '--timeout', '0', '--volumes', '--rmi', 'local');
      await project.remove();
    },
  };
}

function applicationFiles(app: string): Readonly<Record<string, string>> {
  const paths = readdirSync(app, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => !path.includes('__pycache__') && statSync(join(app, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(app, path), 'utf8')]));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
