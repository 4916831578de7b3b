import { type Bench, roundRobin, type Sample, timed } from '../bench.ts';
import { untilServed } from '../http.ts';
import type { Lab, Project } from '../lab.ts';
import { type Raw, rawOf } from '../raw.ts';

/** A first start, and one on the host's network, over a container run by hand. */
export const start: Bench = {
  name: 'start',
  about: 'up --debug to the first 200, over docker run',
  rounds: 15,
  rows: [
    { title: '`up --debug`, first, to 200 / docker run', value: 'up', over: 'raw', unit: 'ms', goal: { most: 1.25 } },
    {
      title: '`up --debug --network host`, first / docker run (bridge)',
      value: 'host',
      over: 'raw',
      unit: 'ms',
      goal: { most: 0.7 },
    },
  ],
  async run(lab, rounds) {
    const { project, raw } = await prepare(lab);
    return await roundRobin(rounds, [
      () => rawCycle(raw),
      async () => {
        const up = await timed(() => upDebug(lab, project));
        await lab.wsgiDev(project, 'down');
        return { up };
      },
      async () => {
        const host = await timed(() => upDebug(lab, project, '--network', 'host'));
        await lab.wsgiDev(project, 'down');
        return { host };
      },
    ]);
  },
};

/** What an order to the container that runs takes. */
export const restart: Bench = {
  name: 'restart',
  about: 'restart, up over a project that is up, switches of mode, over docker run',
  rounds: 15,
  rows: [
    { title: '`up --debug`, unchanged / docker run', value: 'again', over: 'raw', unit: 'ms', goal: { most: 0.45 } },
    { title: '`restart` / docker run', value: 'restart', over: 'raw', unit: 'ms', goal: { most: 0.45 } },
    { title: '`up`, debug to serve / docker run', value: 'toServe', over: 'raw', unit: 'ms', goal: { most: 0.45 } },
    {
      title: '`up --debug`, serve to debug / docker run',
      value: 'toDebug',
      over: 'raw',
      unit: 'ms',
      goal: { most: 0.45 },
    },
  ],
  async run(lab, rounds) {
    const { project, raw } = await prepare(lab);
    await upDebug(lab, project);
    const order = (name: string, act: () => Promise<unknown>) => async (): Promise<Sample> => {
      const took = await timed(act);
      return { [name]: took };
    };
    const served = async (...args: readonly string[]): Promise<void> => {
      await lab.wsgiDev(project, ...args);
      await untilServed(project.port);
    };
    const port = ['-p', `127.0.0.1:${project.port}`];
    return await roundRobin(rounds, [
      () => rawCycle(raw),
      order('again', () => served('up', '-d', '--debug', ...port)),
      order('restart', () => served('restart')),
      async () => ({
        ...(await order('toServe', () => served('up', '-d', ...port))()),
        ...(await order('toDebug', () => served('up', '-d', '--debug', ...port))()),
      }),
    ]);
  },
};

export const down: Bench = {
  name: 'down',
  about: 'down, over docker rm -f of the container run by hand',
  rounds: 15,
  rows: [{ title: '`down` / docker rm -f', value: 'down', over: 'remove', unit: 'ms', goal: { most: 1.1 } }],
  async run(lab, rounds) {
    const { project, raw } = await prepare(lab);
    return await roundRobin(rounds, [
      () => rawCycle(raw),
      async () => {
        await upDebug(lab, project);
        return { down: await timed(() => lab.wsgiDev(project, 'down')) };
      },
    ]);
  },
};

/** Builds the image by a first start, takes Apache's configuration from it, and takes it down. */
async function prepare(lab: Lab): Promise<{ readonly project: Project; readonly raw: Raw }> {
  const project = await lab.project('bench-one');
  await upDebug(lab, project);
  const raw = await rawOf(lab, project, 'raw');
  await lab.wsgiDev(project, 'down');
  return { project, raw };
}

async function upDebug(lab: Lab, project: Project, ...args: readonly string[]): Promise<void> {
  await lab.wsgiDev(project, 'up', '-d', '--debug', '-p', `127.0.0.1:${project.port}`, ...args);
  await untilServed(project.port);
}

async function rawCycle(raw: Raw): Promise<Sample> {
  let id = '';
  const started = await timed(async () => {
    id = await raw.run();
  });
  return { raw: started, remove: await timed(() => raw.remove(id)) };
}
