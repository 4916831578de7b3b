import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ExitCode, Fault } from '../../errors.ts';

/** How to get the devcontainer CLI, and which is known to work. */
export const INSTALL = 'Install the devcontainer CLI: npm install -g @devcontainers/cli (0.89.0 is known to work).';

type Environment = Readonly<Record<string, string | undefined>>;

/** The devcontainer CLI on the PATH, or the project's own; undefined: there is none. */
export function devcontainerCli({ PATH = '' }: Environment, directory: string): string | undefined {
  const folders = [...PATH.split(delimiter).filter(Boolean), join(directory, 'node_modules/.bin')];
  return folders.map((folder) => join(folder, 'devcontainer')).find(isProgram);
}

/** Runs it to its end and gives the JSON line it prints; `onLine` hears its log. A Fault (`code`) has its own message. */
export async function runDevcontainer(
  cli: string,
  args: readonly string[],
  { env, onLine, code }: { env: Environment; onLine(line: string): void; code: ExitCode },
): Promise<Readonly<Record<string, unknown>>> {
  const child = spawn(cli, [...args, '--log-level', 'info'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const last: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    const plain = line.replace(/^\[[^\]]*\] /, '');
    onLine(plain);
    last.push(plain);
    if (last.length > 20) last.shift();
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  const ended = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const answer = answerIn(stdout);
  if (ended === 0 && answer !== undefined && answer.outcome !== 'error') return answer;
  const said = typeof answer?.message === 'string' ? [answer.message] : last;
  throw new Fault([`devcontainer ${args[0]} failed (exit code ${ended}):`, ...said].join('\n'), {
    code,
    hint: 'Mend devcontainer.json, or leave it out with --no-devcontainer.',
  });
}

function answerIn(stdout: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
