import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { RunnerSettings } from '../plan/settings.ts';

/** What the supervisor says of the server: state.json in the state directory. */
export interface RunnerState {
  readonly order: string;
  readonly mode: 'serve' | 'debug';
  /** What a stop opens in debug mode. */
  readonly debugger: string;
  /** A desktop notice when a stop waits. */
  readonly notify: boolean;
  readonly url: string;
  readonly phase: 'starting' | 'ready' | 'failed' | 'stopped';
  /** Unix seconds. */
  readonly since: number;
}

/** Where the debugger stands: paused.json, there only while it does. */
export interface Paused {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly method?: string;
  readonly path?: string;
  readonly reason: string;
  readonly since: number;
}

/** The state directory of the project in `directory`, absolute: mounted into its container. A scenario has its own. */
export function stateDirectory(directory: string): string {
  return join(directory, '.wsgi-dev', 'run');
}

/**
 * Makes the state directory (or, named, another one beside it), out of git's sight and writable for the user ("UID:GID")
 * that the runner runs as.
 */
export async function prepareState(directory: string, user: string, name = 'run'): Promise<string> {
  const state = join(directory, '.wsgi-dev', name);
  try {
    await prepareOwn(directory);
    await mkdir(state, { recursive: true, mode: 0o755 });
    await give(state, user, 0o777);
    return state;
  } catch (error) {
    throw unwritable(directory, error);
  }
}

/** The Fault (code 2) of a project whose .wsgi-dev can't be made or written. */
export function unwritable(directory: string, cause: unknown): Fault {
  return new Fault(`${join(directory, '.wsgi-dev')} can't be written: ${reason(cause)}`, {
    code: ExitCode.usage,
    hint: 'wsgi-dev keeps the state of a running project there; give yourself write access to the project directory.',
    cause,
  });
}

/** Makes the project's .wsgi-dev, out of git's sight. */
export async function prepareOwn(directory: string): Promise<void> {
  const own = join(directory, '.wsgi-dev');
  if ((await mkdir(own, { recursive: true })) === undefined) return;
  await writeAsOwner(directory, join(own, '.gitignore'), '*\n');
  const { uid, gid } = await stat(directory);
  await give(own, `${uid}:${gid}`, undefined);
}

/** Writes a file of the project. What root makes in a developer's project is the developer's. */
export async function writeAsOwner(directory: string, path: string, text: string): Promise<void> {
  await writeFile(path, text);
  const { uid, gid } = await stat(directory);
  await give(path, `${uid}:${gid}`, undefined);
}

/** Leaves an order for the runner, whose user owns `state`; it reads it at its start or at the next SIGUSR1. */
export async function writeSettings(state: string, settings: RunnerSettings): Promise<void> {
  await leave(join(state, 'settings.json'), settings);
}

/** What runs in a new container before the server starts, as a file that is there only where something does. */
export async function writeBefore(state: string, before: Config['before'] = []): Promise<void> {
  const path = join(state, 'before.json');
  if (before.length > 0) await leave(path, before);
  else await rm(path, { force: true });
}

/** The breakpoints that the runner is to have from the next request on: these and no others. */
export async function writeBreaks(state: string, breaks: readonly string[]): Promise<void> {
  await leave(join(state, 'breaks.json'), breaks);
}

/** The breakpoints that were last set from outside. */
export async function readBreaks(state: string): Promise<readonly string[]> {
  return (await readJson<readonly string[]>(join(state, 'breaks.json'))) ?? [];
}

/** Puts a file into the state directory for the runner, whose user owns that; whole or not at all. */
export async function leave(path: string, value: unknown): Promise<void> {
  await leaveText(path, JSON.stringify(value));
}

/** The same, of a text. */
export async function leaveText(path: string, text: string): Promise<void> {
  const { uid, gid, mode } = await stat(dirname(path));
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
  // Open to all: prepareState could not give it to the runner's user.
  if ((mode & 0o002) !== 0) await chmod(temporary, 0o644);
  else await give(temporary, `${uid}:${gid}`, 0o644);
  await rename(temporary, path);
}

/** The supervisor's state; undefined before the first start. */
export async function readState(state: string): Promise<RunnerState | undefined> {
  return await readJson<RunnerState>(join(state, 'state.json'));
}

/** The nonce of the settings that were left last. */
export async function readNonce(state: string): Promise<string | undefined> {
  return (await readJson<RunnerSettings>(join(state, 'settings.json')))?.nonce;
}

/** Where the project's debugger stands; undefined when it doesn't. */
export async function readPaused(state: string): Promise<Paused | undefined> {
  return await readJson<Paused>(join(state, 'paused.json'));
}

/** How many requests wait behind the one that is stopped. */
export async function readWaiting(state: string): Promise<number> {
  return (await readJson<number>(join(state, 'waiting.json'))) ?? 0;
}

/**
 * Hands `path` to a user ("UID:GID") whose it isn't yet; where this process may not, opens it with `mode` instead, if
 * there is one.
 */
export async function give(path: string, user: string, mode: number | undefined): Promise<void> {
  const [uid, gid] = user.split(':').map(Number) as [number, number];
  if (uid === (await stat(path)).uid) return;
  try {
    await chown(path, uid, gid);
  } catch {
    if (mode !== undefined) await chmod(path, mode);
  }
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Fault(`${path} can't be read: ${reason(error)}`, {
      cause: error,
      hint: 'Remove it and run `wsgi-dev up` again.',
    });
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
