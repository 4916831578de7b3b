import { readFileSync } from 'node:fs';
import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Config } from '../config/config.ts';
import type { Flags } from '../config/flags.ts';
import { ExitCode, Fault } from '../errors.ts';
import { hasPassword } from '../passwords.ts';
import type { Paused } from '../project/state.ts';
import { stateDirectory } from '../project/state.ts';
import { isSecretName } from '../scenario/record/mask.ts';
import type { Driver } from '../session/session.ts';
import { tapped } from '../session/tap.ts';
import type { Context } from './context.ts';

/** The options that ask for a recording. */
export interface RecordOptions extends Flags {
  /** The file to write. */
  readonly record?: string;
  readonly mask?: readonly RegExp[];
  readonly detach?: boolean;
}

/** A session that is being written down. */
export interface Recording {
  /** The driver, with the recording in between. */
  watch(driver: Driver): Driver;
  /** Writes the file; only warns where that fails. */
  finish(): Promise<void>;
}

/** One more expression for --mask. */
export function collectMask(text: string, before: readonly RegExp[] = []): readonly RegExp[] {
  try {
    return [...before, new RegExp(text, 'gm')];
  } catch (error) {
    throw new InvalidArgumentError(
      `It takes a JavaScript regular expression. ${error instanceof Error ? error.message : ''}`,
    );
  }
}

/** Throws where options don't go together. */
export function checkRecord({ record, mask, debug, detach, enableRecorder }: RecordOptions): void {
  const usage = (message: string, hint: string): Fault => new Fault(message, { code: ExitCode.usage, hint });
  if (record === undefined && mask !== undefined)
    throw usage('--mask needs --record', 'It masks what --record FILE writes.');
  if (record === undefined) return;
  if (enableRecorder === true)
    throw usage('--record and --enable-recorder exclude each other', 'What --record writes holds the requests too.');
  if (debug !== true) throw usage('--record needs --debug', 'It writes down what happens at the prompt.');
  if (detach === true)
    throw usage('--record and -d exclude each other', 'A session is recorded on the terminal where it takes place.');
}

/** Makes the file, empty, so that one that can't be written is told before anything starts. */
export async function openRecording(
  context: Context,
  config: Config,
  options: RecordOptions,
  person: boolean,
): Promise<Recording> {
  const { record = '', mask = [] } = options;
  if (config.debug.debugger !== 'pdb') {
    const hint = 'Leave --debugger away while you record.';
    throw new Fault(`--record knows pdb only, not ${config.debug.debugger}`, { code: ExitCode.usage, hint });
  }
  const path = resolve(context.cwd, record);
  const file = await create(path, record);
  const [{ createLog }, { readRecorded }] = await Promise.all([
    import('../scenario/record/log.ts'),
    import('../project/recorded.ts'),
  ]);
  const state = stateDirectory(config.directory);
  const log = createLog({ record: (name) => readRecorded(state, name), exception: () => exceptionIn(state) });

  async function write(): Promise<void> {
    const { scenarioText } = await import('../scenario/record/write.ts');
    const text = await scenarioText(log.happenings, {
      config: configOf(options, config, context),
      variables: config.env,
      breaks: options.break ?? [],
      postMortem: config.debug.postMortem ?? person,
      masks: mask,
      now: Date.now(),
    });
    if (text === undefined) {
      await unlink(path);
      context.out.info('Nothing was recorded: no request came');
      return;
    }
    await file.writeFile(text);
    context.out.info(`Recorded in ${record}: \`wsgi-dev ci ${record}\` does it again`);
  }

  return {
    watch: (driver) => tapped(driver, log),
    async finish() {
      try {
        await write();
      } catch (error) {
        context.out.warn(`${record} can't be written: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        await file.close();
      }
    },
  };
}

/** Request bodies may stand in it: it is its owner's alone. */
async function create(path: string, shown: string): Promise<FileHandle> {
  try {
    const file = await open(path, (await isBlank(path)) ? 'r+' : 'wx', 0o600);
    // What root makes in a developer's project is the developer's.
    const { uid, gid } = await stat(dirname(path));
    if (process.getuid?.() === 0) await file.chown(uid, gid);
    await file.chmod(0o600);
    return file;
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault(exists ? `${shown} exists` : `${shown} can't be written: ${reason}`, {
      code: ExitCode.usage,
      hint: exists ? 'Remove it, or name another file for --record.' : 'Name another file for --record.',
      cause: error,
    });
  }
}

/** A recording that was killed leaves its file empty. */
async function isBlank(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size === 0;
}

/** What the runner says of the stop that has just begun. */
function exceptionIn(state: string): string | undefined {
  try {
    const { exception } = JSON.parse(readFileSync(join(state, 'paused.json'), 'utf8')) as Paused & {
      exception?: unknown;
    };
    return typeof exception === 'string' ? exception : undefined;
  } catch {
    return undefined;
  }
}

/** The flags that decide what runs, as keys of a scenario's `config`. */
function configOf(
  { app, python, service, env, envFile, breakAtStart }: Flags,
  { directory }: Config,
  { cwd, env: own }: Context,
): Readonly<Record<string, unknown>> {
  const files = envFile?.map((file) => plain(relative(directory, resolve(cwd, file))));
  const variables = env?.map((entry): readonly [string, string] => {
    const [, name = '', given] = /^([^=]*)(?:=(.*))?$/s.exec(entry) ?? [];
    const value = given ?? own[name] ?? '';
    const isSecret = isSecretName(name) || hasPassword(value);
    return [name, isSecret ? `\${${name}}` : plain(value)];
  });
  return {
    ...(app !== undefined && { app: plain(app) }),
    ...(python !== undefined && { python }),
    ...(service !== undefined && { compose: { service } }),
    ...(variables !== undefined && { env: Object.fromEntries(variables) }),
    ...(files !== undefined && { env_file: files }),
    ...(breakAtStart === true && { debug: { break_at_start: true } }),
  };
}

/** A text in which no variable of the environment is filled in. */
function plain(text: string): string {
  return text.replaceAll('$', '$$$$');
}
