import type { Command } from 'commander';
import type { Engine } from '../engine/engine.ts';
import { Fault } from '../errors.ts';
import {
  findContainer,
  findContainers,
  findServer,
  isOthers,
  type Project,
  removedOnes,
  runningContainer,
} from '../project/container.ts';
import { wholeNumber } from './arguments.ts';
import { collector } from './collector.ts';
import type { Context } from './context.ts';
import { afterSession, putBack } from './ending.ts';
import { tellReports } from './reports.ts';

/** Seconds that `down` and `stop` give the runner; it needs less than half of one, and what a report takes. */
const STOP_SECONDS = 10;

interface StopOptions {
  readonly timeout: number;
  readonly volumes?: boolean;
}

/** Declares `down`, `stop`, `start` and `restart`: what changes a container that is there. */
export function declareLifecycle(program: Command, context: () => Context): void {
  timeout(program.command('down').description('stop the server and remove its container'))
    .option('-v, --volumes', 'remove its anonymous volumes too')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev down')
    .action((options: StopOptions) => down(context(), options));
  timeout(program.command('stop').description('stop the server; `start` brings it back as it was'))
    .addHelpText('after', '\nExample:\n  $ wsgi-dev stop')
    .action((options: StopOptions) => stop(context(), options));
  program
    .command('start')
    .description('start a stopped server')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev start')
    .action(() => again(context(), 'start'));
  program
    .command('restart')
    .description('start Apache and the application anew, in the same container and terminal')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev restart')
    .action(() => again(context(), 'restart'));
}

async function down(context: Context, { timeout: limit, volumes }: StopOptions): Promise<void> {
  const [engine, project] = await Promise.all([context.engine(), context.project()]);
  const { server: container, commands } = await findContainers(engine, project);
  // Of `run`: the client was killed, or works on in another terminal.
  for (const { id, name } of commands) {
    await engine.remove(id, { volumes: true });
    context.out.info(`Removed ${name}`);
  }
  if (container === undefined) {
    if (commands.length === 0) context.out.info(await nothingToTakeDown(engine, project));
    (await removedOnes(engine, project)).forEach(context.out.info);
    return;
  }
  const runs = container.state === 'running';
  if (runs) await engine.stop(container.id, limit);
  await engine.remove(container.id, { volumes: volumes === true });
  if (runs) await tellReports(context.out, project.directory);
  await putBack(context, engine, container);
  context.out.info(`Took down ${project.name}`);
}

async function nothingToTakeDown(engine: Engine, project: Project): Promise<string> {
  const others = await findServer(engine, project);
  return others === undefined
    ? `${project.name} is not running: nothing to take down`
    : `${others.name} was started by docker compose: \`docker compose down\` takes it down`;
}

async function stop(context: Context, { timeout: limit }: StopOptions): Promise<void> {
  const [engine, project] = await Promise.all([context.engine(), context.project()]);
  const container = await runningContainer(engine, project);
  if (isOthers(container)) {
    throw new Fault(`${container.name} was started by docker compose`, { hint: 'Stop it with `docker compose stop`.' });
  }
  await engine.stop(container.id, limit);
  context.out.info(`Stopped ${project.name}; \`wsgi-dev start\` brings it back`);
}

async function again(context: Context, verb: 'start' | 'restart'): Promise<void> {
  const [engine, project] = await Promise.all([context.engine(), context.project()]);
  const container = await findContainer(engine, project);
  if (container === undefined) {
    throw new Fault(`${project.name} has no container to ${verb}`, { hint: 'Make one with `wsgi-dev up`.' });
  }
  if (verb === 'start' && container.state === 'running') {
    context.out.info(`${project.name} is running already`);
    return;
  }
  const printed = collector(context.out.info);
  const { restartServer, startServer } = await import('../project/restart.ts');
  const bring = container.state === 'running' ? restartServer : startServer;
  const session = await bring(engine, project, container, printed.driver()).catch((error: unknown) => {
    printed.show(context.out);
    throw error;
  });
  if (session.ending !== 'ready') printed.show(context.out);
  await afterSession(context, engine, container.id, session, 'leave');
  if (session.ending !== 'ready') return;
  context.out.info(`${verb === 'start' ? 'Started' : 'Restarted'} ${project.name}`);
}

function timeout(command: Command): Command {
  return command.option('-t, --timeout <seconds>', 'then it is killed', wholeNumber('seconds'), STOP_SECONDS);
}
