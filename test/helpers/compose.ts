import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The environment in which `docker compose` (2.40), `docker buildx` (0.29) and the docker CLI (28) are those of Debian forky. */
export interface ComposeTools {
  readonly PATH: string;
  readonly DOCKER_CONFIG: string;
}

const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wsgi-dev', 'test');
const PACKAGES = ['docker-compose', 'docker-buildx', 'docker-cli'];
const SUITE = 'forky';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Fetches them once from the Debian archive, without installing anything; later calls find them in the cache directory. In a
 * hook: the first one takes half a minute. Call it with `process.env` changed by what it returns.
 */
export function composeTools(): ComposeTools {
  const tools = join(CACHE, `docker-${SUITE}`);
  if (!existsSync(tools)) fetchTools(tools);
  return { PATH: `${join(tools, 'usr/bin')}:${process.env.PATH}`, DOCKER_CONFIG: join(tools, 'config') };
}

function fetchTools(tools: string): void {
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'fetching-'));
  try {
    const tree = join(work, 'tree');
    for (const name of ['lists/partial', 'archives/partial', 'debs', 'tree'])
      mkdirSync(join(work, name), { recursive: true });
    writeFileSync(join(work, 'sources.list'), `deb [signed-by=${KEYRING}] ${mirror()} ${SUITE} main\n`);
    // Lists and sources of its own: the machine's apt knows nothing of another release.
    const options = [
      `Dir::Etc::sourcelist=${join(work, 'sources.list')}`,
      'Dir::Etc::sourceparts=-',
      `Dir::State::lists=${join(work, 'lists')}`,
      `Dir::Cache=${work}`,
      'Acquire::Check-Valid-Until=false',
      ...(process.getuid?.() === 0 ? ['APT::Sandbox::User=root'] : []),
    ].flatMap((option) => ['-o', option]);
    run('apt-get', ['-qq', ...options, 'update'], work);
    run('apt-get', ['-qq', ...options, 'download', ...PACKAGES], join(work, 'debs'));
    for (const name of readdirSync(join(work, 'debs'))) run('dpkg-deb', ['-x', join(work, 'debs', name), tree], work);
    const plugins = 'usr/libexec/docker/cli-plugins';
    mkdirSync(join(tree, 'config/cli-plugins'), { recursive: true });
    for (const name of readdirSync(join(tree, plugins))) {
      symlinkSync(join('../..', plugins, name), join(tree, 'config/cli-plugins', name));
    }
    try {
      renameSync(tree, tools);
    } catch (error) {
      // Another test file was faster.
      if (!existsSync(tools)) throw error;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Where the machine's own apt gets Debian from. */
function mirror(): string {
  const targets = run('apt-get', ['indextargets', '--format', '$(CREATED_BY) $(REPO_URI) $(RELEASE)'], '/');
  const own = /^Packages (\S+?)\/? [a-z]+$/m.exec(targets)?.[1];
  return own !== undefined && /debian\/?$/.test(own) ? own : 'http://deb.debian.org/debian';
}

function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
