import type { ContainerInfo, Engine } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';
import { isOthers } from '../project/container.ts';
import type { RunnerEvent } from '../session/events.ts';
import type { SessionResult } from '../session/session.ts';
import type { Context } from './context.ts';

/** Whose the container is once the session is over: `up` takes it along, `attach` leaves it. */
export type Ownership = 'take-down' | 'leave';

/**
 * What follows a session: takes down what is to go, says what stays, and sets the exit code. Throws the Fault of a
 * server that failed.
 */
export async function afterSession(
  context: Context,
  engine: Engine,
  container: string,
  session: SessionResult,
  ownership: Ownership,
): Promise<void> {
  const { out } = context;
  switch (session.ending) {
    case 'ready':
      return;
    case 'detached': {
      const info = await engine.inspect(container);
      const down = info !== undefined && isOthers(info) ? 'docker compose down' : 'wsgi-dev down';
      out.info(`Still running: \`wsgi-dev attach\` comes back, \`${down}\` ends it`);
      return;
    }
    case 'closed':
      await afterEnd(context, engine, container, session);
      return;
    case 'interrupted':
      context.exit(ExitCode.interrupted);
      break;
    case 'finished':
    case 'terminated':
      break;
  }
  if (ownership === 'take-down') await takeDown(context, engine, container);
}

/** Ends a container gracefully, killed only where the runner takes too long, and removes it. */
async function takeDown(context: Context, engine: Engine, container: string): Promise<void> {
  await engine.stop(container, 10);
  const info = await engine.inspect(container);
  await engine.remove(container, { volumes: true });
  if (info !== undefined) await putBack(context, engine, info);
}

/** What an `up` did to a compose project for the container that is gone now is undone. */
export async function putBack({ out }: Context, engine: Engine, { labels }: ContainerInfo): Promise<void> {
  if (labels['com.docker.compose.project'] === undefined) return;
  const { undoFor } = await import('../integrate/compose/undoing.ts');
  await undoFor(engine, labels, out);
}

async function afterEnd(
  context: Context,
  engine: Engine,
  container: string,
  { exit, ready }: SessionResult,
): Promise<void> {
  if (exit?.reason === 'stopped') {
    context.out.info('The server was stopped by another command');
    return;
  }
  const info = await engine.inspect(container);
  if (info === undefined) {
    context.out.info('The container was removed by another command');
    return;
  }
  const code = await engine.wait(container);
  if (!isOthers(info)) await engine.remove(container, { volumes: true });
  await putBack(context, engine, info);
  if (code === ExitCode.ok) return;
  if (code === ExitCode.interrupted) context.exit(ExitCode.interrupted);
  else if (exit !== undefined) throw failure(exit, ready);
  else
    throw new Fault(`The server ended unexpectedly, with exit code ${code}`, {
      hint: 'Was it killed, or out of memory?',
    });
}

/** The fault that the runner's last event describes. */
function failure(exit: RunnerEvent, wasReady: boolean): Fault {
  const place =
    typeof exit.file === 'string' ? `${exit.file}${typeof exit.line === 'number' ? `:${exit.line}` : ''}: ` : '';
  if (exit.reason === 'load') {
    return new Fault(`The application could not be loaded: ${place}${String(exit.message)}`, {
      hint: loadHint(String(exit.message)),
    });
  }
  if (exit.reason === 'configuration') {
    return new Fault(`The Apache configuration can't be run: ${String(exit.message)}`, {
      code: ExitCode.usage,
      hint: 'The line stands above; docs/apache.md says what is changed of a configuration and what is not.',
    });
  }
  if (exit.reason === 'hook') {
    return new Fault(`The start was ended by hooks.before_start: ${String(exit.message)}`, {
      hint: 'What it printed stands above. Mend it, or take it out of wsgi-dev.yaml.',
    });
  }
  return new Fault(`Apache ${String(exit.message)}${wasReady ? '' : ' before it was ready'}`, {
    hint: 'What it printed stands above; with -v more is shown.',
  });
}

function loadHint(message: string): string {
  const module = /No module named '([^'.]+)/.exec(message)?.[1];
  if (module !== undefined)
    return `If ${module} is a package, add it to requirements.txt; if it is the project's own, check where it lies.`;
  if (/ has no `/.test(message)) return 'Name the callable with --app module:callable.';
  return 'Mend it and run the same command again.';
}
