import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, roundRobin, type Sample, timed } from '../bench.ts';
import { untilServed } from '../http.ts';
import type { Lab, Project } from '../lab.ts';
import { openPty } from '../pty.ts';

/** A start in a container of its own, of what a devcontainer.json describes, over one inside the devcontainer itself. */
export const devcontainer: Bench = {
  name: 'devcontainer',
  about: 'up --debug to the first 200 beside a devcontainer, over devcontainer up and a start inside',
  rounds: 7,
  rows: [
    {
      title: '`up --debug` of a devcontainer.json / devcontainer up + start inside',
      value: 'up',
      over: 'inside',
      unit: 'ms',
      goal: { most: 0.5 },
    },
  ],
  async run(lab, rounds) {
    const project = await lab.project('bench-devcontainer');
    const inside = await prepare(lab, project);
    return await roundRobin(rounds, [() => upCycle(lab, project), () => insideCycle(lab, project, inside)]);
  },
};

/** Writes the devcontainer, the Feature in it, with the port that is returned published. */
async function prepare(lab: Lab, project: Project): Promise<number> {
  const { port } = await lab.project('bench-devcontainer-port');
  const folder = join(project.directory, '.devcontainer');
  const keys = {
    image: 'wsgi-dev/base:bookworm',
    runArgs: [...lab.mark, '-p', `127.0.0.1:${port}:8000`],
    // Nothing is to be installed: one that mentions it is left as it is.
    postCreateCommand: 'test -x /opt/wsgi-dev-venv/bin/pip',
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'devcontainer.json'), JSON.stringify(keys));
  // Where wsgi-dev finds the program.
  const programs = join(project.directory, 'node_modules/.bin');
  mkdirSync(programs, { recursive: true });
  symlinkSync(program(lab), join(programs, 'devcontainer'));
  await lab.wsgiDev(project, 'devcontainer', 'init', '--yes');
  return port;
}

async function upCycle(lab: Lab, project: Project): Promise<Sample> {
  const up = await timed(async () => {
    await lab.wsgiDev(project, 'up', '-d', '--debug', '-p', `127.0.0.1:${project.port}`);
    await untilServed(project.port);
  });
  await lab.wsgiDev(project, 'down');
  return { up };
}

async function insideCycle(lab: Lab, project: Project, port: number): Promise<Sample> {
  const place = ['--workspace-folder', project.directory];
  const start = ['wsgi-dev', 'up', '--debug', '-p', '0.0.0.0:8000', '--allow-remote-debug'];
  let container = '';
  const inside = await timed(async () => {
    const answer = await lab.node(program(lab), 'up', ...place);
    container = (JSON.parse(answer.trim().split('\n').at(-1) ?? '') as { containerId: string }).containerId;
    const terminal = openPty([process.execPath, program(lab), 'exec', ...place, ...start], project.directory, lab.env);
    try {
      await terminal.until(/Ready: /);
      await untilServed(port);
    } finally {
      terminal.close();
    }
  });
  await lab.docker('rm', '-f', '-v', container);
  return { inside };
}

function program(lab: Lab): string {
  return join(lab.root, 'node_modules/@devcontainers/cli/devcontainer.js');
}
