import type { IncomingHttpHeaders } from 'node:http';
import { ExitCode, Fault } from '../errors.ts';
import type { Env } from './endpoint.ts';
import type { BuildRequest } from './engine.ts';
import { field } from './fault.ts';
import type { Link } from './link.ts';

/** What an engine builds with: BuildKit, which keeps what was downloaded for the next build, or the builder before it. */
export type Builder = 'buildkit' | 'classic';

/** The one that DOCKER_BUILDKIT asks for, as the docker CLI reads it; undefined: none. Fault (code 2): it is no yes or no. */
function wantedBuilder({ DOCKER_BUILDKIT: said = '' }: Env): Builder | undefined {
  if (said === '') return undefined;
  if (/^(?:1|t|true)$/i.test(said)) return 'buildkit';
  if (/^(?:0|f|false)$/i.test(said)) return 'classic';
  throw new Fault(`DOCKER_BUILDKIT is ${said}, which is neither yes nor no`, {
    code: ExitCode.usage,
    hint: 'Set it to 1 (BuildKit) or 0 (the classic builder), or leave it out.',
  });
}

/** The one that a build is made with: what `env` asks for, else BuildKit where the engine has it. */
export async function chooseBuilder(link: Link, { buildArgs }: BuildRequest, env: Env): Promise<Builder> {
  // BuildKit would ask a registry for an image of that name.
  if (/^(?:sha256:)?[0-9a-f]{12,64}$/.test(buildArgs.BASE ?? '')) return 'classic';
  return wantedBuilder(env) ?? ((await hasBuildKit(link)) ? 'buildkit' : 'classic');
}

/** Whether the engine has BuildKit: Docker's own from 18.09 on, but for Windows; what only speaks its language has none. */
async function hasBuildKit(link: Link): Promise<boolean> {
  const answer = await link.attempt('ask the engine for its builder', () => link.readable('GET', '/_ping'));
  answer.resume();
  return buildKitIn(field(answer, 'headers') as IncomingHttpHeaders);
}

/** What the headers of an answer to /_ping say of it. */
function buildKitIn(headers: IncomingHttpHeaders): boolean {
  if (headers.ostype !== 'linux') return false;
  if (headers['builder-version'] === '2') return true;
  // Engines before 23 have it, and build with it where they are asked to, but don't say so.
  const [major = 0, minor = 0] = String(headers['api-version'] ?? '')
    .split('.')
    .map(Number);
  return /^Docker\//.test(String(headers.server)) && (major > 1 || minor >= 39);
}
