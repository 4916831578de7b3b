import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';

/** The command under test, built: WSGI_DEV_CLI names another than the checkout's own. */
export const cliPath = resolve(process.env.WSGI_DEV_CLI ?? resolve(import.meta.dirname, '../../dist/bin/wsgi-dev.cjs'));

/** A wait ends with what was seen until then, before the test's own limit ends it with nothing. */
const LIMIT_MS = 60_000;

export interface CliOptions {
  readonly cwd?: string;
  /** Over the test's own environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to stdin, which then ends. */
  readonly input?: string | Buffer;
  /** Run as this user and group: a test that root runs can be a plain user. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface CliResult {
  /** 128 + the signal's number is not made up: `signal` says it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs on: what it printed so far, and ways to wait for more. */
export interface RunningCli {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
  /** Resolves with all of stdout once it matches; rejects when the command ends before. */
  stdoutSays(pattern: RegExp): Promise<string>;
  stderrSays(pattern: RegExp): Promise<string>;
}

/** Runs wsgi-dev to its end. It is not on a terminal. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { child, result } = spawnCli(args, options);
  child.stdin?.end(options.input ?? '');
  return await result;
}

/** Starts wsgi-dev, its stdin left open; killed when the test is over. */
export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  const running = spawnCli(args, options);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return running;
}

function spawnCli(args: readonly string[], { cwd, env, uid, gid }: CliOptions): RunningCli {
  const child = spawn(process.execPath, [cliPath, ...args], {
    cwd,
    env: { ...ownEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
  // A command that ends without reading its input breaks the pipe: that is its right.
  child.stdin.on('error', () => undefined);
  const stdout = watched(child.stdout);
  const stderr = watched(child.stderr);
  const result = new Promise<CliResult>((settle, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      stdout.ended();
      stderr.ended();
      settle({ code, signal, stdout: stdout.text(), stderr: stderr.text() });
    });
  });
  return { child, result, stdoutSays: stdout.says, stderrSays: stderr.says };
}

/** The test's environment without what would steer the command, or tell it that it runs in CI. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(WSGI_DEV_|CI$|NO_COLOR$|FORCE_COLOR$)/.test(name));
  return Object.fromEntries(kept);
}

interface Watched {
  text(): string;
  says(pattern: RegExp): Promise<string>;
  ended(): void;
}

function watched(stream: NodeJS.ReadableStream): Watched {
  let all = '';
  let over = false;
  const waiting = new Set<() => void>();
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    all += chunk;
    for (const look of [...waiting]) look();
  });
  return {
    text: () => all,
    says: (pattern) =>
      new Promise((settle, reject) => {
        const look = (): void => {
          if (pattern.test(all)) settle(all);
          else if (over) reject(new Error(`ended without ${pattern}:\n${all}`));
          else return;
          clearTimeout(limit);
          waiting.delete(look);
        };
        const limit = setTimeout(() => reject(new Error(`no ${pattern} in ${LIMIT_MS} ms:\n${all}`)), LIMIT_MS);
        waiting.add(look);
        look();
      }),
    ended() {
      over = true;
      for (const look of [...waiting]) look();
    },
  };
}
