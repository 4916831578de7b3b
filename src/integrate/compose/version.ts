import { ExitCode, Fault } from '../../errors.ts';

/** The oldest docker compose that does all that is asked of it here. */
const LEAST = [2, 20] as const;

/** How a person gets docker compose. */
export const INSTALL = [
  'Install docker compose 2.20 or later: `apt-get install docker-compose-plugin` from download.docker.com,',
  '`docker-compose-v2` on Ubuntu, `docker-compose` on Debian 13 or later (that of Debian 12 is too old); Docker Desktop',
  'has it.',
].join('\n');

/** What the docker CLI says where it has no compose: of an unknown command, or of the first unknown flag after it. */
export function missing(stderr: string): boolean {
  return /'compose' is not a docker command|unknown command: docker compose|unknown flag: --(ansi|context)\b/.test(
    stderr,
  );
}

/** A Fault (code 3) for an output of `docker compose version --short` that is older than `least`, which `what` needs. */
export function checkVersion(text: string, least: readonly number[] = LEAST, what = 'a compose service'): void {
  const version = text.trim();
  const [, ...digits] = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  // A build without a version is somebody's own, and new.
  if (digits.length === 0) return;
  const numbers = digits.map((digit) => Number(digit ?? 0));
  const at = least.findIndex((number, index) => numbers[index] !== number);
  if (at === -1 || (numbers[at] ?? 0) > (least[at] ?? 0)) return;
  throw new Fault(`docker compose ${version} is too old: ${what} needs ${least.join('.')} or later`, {
    code: ExitCode.engine,
    hint: INSTALL,
  });
}
