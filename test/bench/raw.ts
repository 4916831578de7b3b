import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { untilServed } from './http.ts';
import type { Lab, Project } from './lab.ts';

/** The same image's Apache, run by hand with `docker run`: no client of ours and no supervisor. */
export interface Raw {
  readonly port: number;
  /** Runs a container and resolves with its id once it has answered with 200. */
  run(): Promise<string>;
  remove(id: string): Promise<void>;
}

/** The image that `up` made of `project`, which must be up, and its debug mode's configuration of Apache. */
export async function rawOf(lab: Lab, project: Project, name: string): Promise<Raw> {
  const container = await containerOf(lab, project);
  const configuration = await lab.docker('exec', container, 'cat', '/tmp/wsgi-dev/httpd.conf');
  return await rawWith(lab, project, name, configuration, ['-X', '-DONE_PROCESS']);
}

/** The image of `project`, which must be up, under `configuration`. */
export async function rawWith(
  lab: Lab,
  project: Project,
  name: string,
  configuration: string,
  apacheOptions: readonly string[],
  runOptions: readonly string[] = [],
): Promise<Raw> {
  const image = (await lab.docker('inspect', '--format', '{{.Config.Image}}', await containerOf(lab, project))).trim();
  const user = (await lab.docker('inspect', '--format', '{{.Config.User}}', await containerOf(lab, project))).trim();
  const { port } = await lab.project(`${name}-port`);
  const directory = lab.directory(name);
  const entry = "import sys\nsys.path.insert(0, '/app')\nfrom wsgi import application\n";
  for (const [file, text] of Object.entries({ 'httpd.conf': configuration, 'entry.wsgi': entry })) {
    writeFileSync(join(directory, file), text);
    chmodSync(join(directory, file), 0o644);
  }
  const command = ['run', '-d', ...lab.mark, ...runOptions]
    .concat(['--user', user, '-p', `127.0.0.1:${port}:8000`])
    .concat(['-v', `${project.directory}:/app`, '-v', `${directory}:/tmp/wsgi-dev`, image])
    .concat(['apache2', '-f', '/tmp/wsgi-dev/httpd.conf', ...apacheOptions]);
  return {
    port,
    async run() {
      // The port is touched only once start has returned: before, it may stall for a second.
      const id = (await lab.docker(...command)).trim();
      await untilServed(port);
      return id;
    },
    async remove(id) {
      await lab.docker('rm', '-f', id);
    },
  };
}

/** The id of the container of `project`. */
export async function containerOf(lab: Lab, { directory }: Project): Promise<string> {
  const ids = await lab.docker('ps', '-q', '--no-trunc', '--filter', `label=dev.wsgi-dev.working-dir=${directory}`);
  const [id = ''] = ids.split('\n');
  if (id === '') throw new Error(`${directory} is not up`);
  return id;
}
