import { execFileSync } from 'node:child_process';

/** What a bench says that needs wrk, where it isn't there. */
export function wrkMissing(): string | undefined {
  try {
    execFileSync('which', ['wrk'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'wrk is missing (apt-get install wrk)';
  }
}

/** Requests per second of the server at `port`, asked over so many connections for so long. */
export function requestsPerSecond(
  port: number,
  env: NodeJS.ProcessEnv,
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): number {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, `http://127.0.0.1:${port}/`];
  const said = execFileSync('wrk', args, { env, encoding: 'utf8' });
  const found = /Requests\/sec:\s+([\d.]+)/.exec(said)?.[1];
  if (found === undefined || /Non-2xx/.test(said)) throw new Error(`wrk said:\n${said}`);
  return Number(found);
}
