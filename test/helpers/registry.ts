import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { docker } from './docker.ts';
import { done } from './images.ts';

/** A registry on this machine's loopback, which engines take without TLS. */
export interface Registry {
  /** Pushes what the engine has as `image`, as REPOSITORY:TAG, and leaves it to the registry; gives the reference. */
  push(image: string, as: string): Promise<string>;
  /** 127.0.0.1:PORT. */
  readonly address: string;
  /** Removes an image that was pulled from here. */
  forget(ref: string): Promise<void>;
  stop(): Promise<void>;
}

/** Who a private registry knows. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Starts Debian's docker-registry on a free port; with `login` it knows that one person, and nobody else. */
export async function startRegistry(login?: Login): Promise<Registry> {
  const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-registry-'));
  const program = registryProgram(directory);
  const address = `127.0.0.1:${await freePort()}`;
  const config = {
    version: '0.1',
    storage: { filesystem: { rootdirectory: join(directory, 'data') } },
    http: { addr: address },
    ...(login && { auth: { htpasswd: { realm: 'test', path: passwords(directory, login) } } }),
  };
  // YAML holds JSON.
  writeFileSync(join(directory, 'config.yml'), JSON.stringify(config));
  const child = spawn(program, ['serve', join(directory, 'config.yml')], { stdio: ['ignore', 'ignore', 'pipe'] });
  await listening(child);
  const pushed = new Set<string>();
  const registry: Registry = {
    address,
    async push(image, as) {
      const ref = `${address}/${as}`;
      const [repo, tag] = [ref.slice(0, ref.lastIndexOf(':')), ref.slice(ref.lastIndexOf(':') + 1)];
      await docker.getImage(image).tag({ repo, tag });
      await done(
        await docker.getImage(repo).push({ tag, authconfig: login ? { ...login, serveraddress: address } : {} }),
      );
      await registry.forget(ref);
      pushed.add(ref);
      return ref;
    },
    async forget(ref) {
      // Its layers stay: other images are made of them.
      await docker.getImage(ref).remove({ noprune: true }).catch(unlessGone);
    },
    async stop() {
      for (const ref of pushed) await registry.forget(ref);
      await new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill();
      });
      rmSync(directory, { recursive: true });
    },
  };
  return registry;
}

/** As htpasswd -B writes it: the registry takes bcrypt alone. */
function passwords(directory: string, { username, password }: Login): string {
  const script = 'import crypt, sys; print(crypt.crypt(sys.argv[1], crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16)))';
  const { stdout, stderr } = spawnSync('python3', ['-W', 'ignore', '-c', script, password], { encoding: 'utf8' });
  if (!stdout.startsWith('$2')) throw new Error(`no bcrypt here: ${stderr}`);
  const path = join(directory, 'htpasswd');
  writeFileSync(path, `${username}:${stdout}`);
  return path;
}

function unlessGone(error: { readonly statusCode?: number }): void {
  if (error.statusCode !== 404) throw error;
}

/** Where it isn't installed it is taken out of its package: installing it would start a service. */
function registryProgram(directory: string): string {
  const installed = '/usr/bin/docker-registry';
  if (existsSync(installed)) return installed;
  const script = 'apt-get update && apt-get download docker-registry && dpkg-deb -x docker-registry_*.deb .';
  const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`docker-registry can't be had from the Debian archive:\n${stderr}`);
  return join(directory, installed);
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`docker-registry ended with ${code}`)));
    if (child.stderr === null) throw new Error('no pipe');
    // Read to the end, so that it never blocks.
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (/listening on /.test(line)) resolve();
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(address)));
    });
  });
}
