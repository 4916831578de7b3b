import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicationFiles } from './application.ts';

/** Where benches run: projects in a directory of their own, commands, and the certainty that nothing stays. */
export interface Lab {
  /** The checkout that the bench lies in. */
  readonly root: string;
  /** bin/wsgi-dev.cjs of the build that is measured. */
  readonly cli: string;
  readonly env: NodeJS.ProcessEnv;
  /** A new project with the bench's application in it; its directory is readable for every user. */
  project(name: string): Promise<Project>;
  /** A new directory that every user may write in, below the lab's own. */
  directory(name: string): string;
  /** Runs wsgi-dev in a project; resolves with its stdout at its end. */
  wsgiDev(project: Project, ...args: readonly string[]): Promise<string>;
  docker(...args: readonly string[]): Promise<string>;
  node(...args: readonly string[]): Promise<string>;
  /** Options for `docker run` so that `cleanUp` finds the container. */
  readonly mark: readonly string[];
  /** Removes every container that the benches made, and their projects. May be called any number of times. */
  cleanUp(): void;
}

export interface Project {
  readonly directory: string;
  /** A port of the host that nothing listens on. */
  readonly port: number;
}

/** Below the kernel's ephemeral ports: polling one of those may connect a socket to itself. */
const FIRST_PORT = 18_200;

/** Removes all on every way out of this process, signals included. */
export function createLab(root: string, cli: string): Lab {
  const base = mkdtempSync(join(tmpdir(), 'wsgi-dev-bench-'));
  chmodSync(base, 0o755);
  const env = environment();
  const labels = [`wsgi-dev-bench=${base}`];
  const running = new Set<ChildProcess>();
  let nextPort = FIRST_PORT;

  const directory = (name: string): string => {
    const path = join(base, name);
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o777);
    return path;
  };

  const run = (program: string, args: readonly string[], cwd: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
      running.add(child);
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk;
      });
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk;
      });
      child.on('error', reject);
      child.on('close', (code) => {
        running.delete(child);
        if (code === 0) resolve(stdout);
        else reject(new Error(`${[program, ...args].join(' ')}: exit code ${code}\n${stdout}${stderr}`));
      });
    });

  const cleanUp = (): void => {
    // One that runs on could make another container.
    for (const child of running) child.kill('SIGKILL');
    for (const label of labels) {
      const ids = execFileSync('docker', ['ps', '-aq', '--no-trunc', '--filter', `label=${label}`], {
        encoding: 'utf8',
      });
      const listed = ids.split('\n').filter(Boolean);
      if (listed.length > 0) execFileSync('docker', ['rm', '-f', ...listed], { stdio: 'ignore' });
    }
    labels.length = 1;
    rmSync(base, { recursive: true, force: true });
  };

  process.on('exit', cleanUp);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

  return {
    root,
    cli,
    env,
    mark: ['--label', `${labels[0]}`],
    directory,
    async project(name) {
      const path = directory(name);
      labels.push(`dev.wsgi-dev.working-dir=${path}`);
      for (const [file, text] of Object.entries(applicationFiles)) writeFileSync(join(path, file), text);
      const port = await freePort(nextPort);
      nextPort = port + 1;
      return { directory: path, port };
    },
    wsgiDev: (project, ...args) => run(process.execPath, [cli, ...args], project.directory),
    docker: (...args) => run('docker', args, root),
    node: (...args) => run(process.execPath, args, root),
    cleanUp,
  };
}

function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    // The first costs every Node 44 ms; the others would configure what is measured.
    ([name]) => name !== 'NODE_EXTRA_CA_CERTS' && name !== 'NODE_OPTIONS' && !name.startsWith('WSGI_DEV_'),
  );
  return { ...Object.fromEntries(own), NO_COLOR: '1', TERM: 'xterm' };
}

async function freePort(from: number): Promise<number> {
  for (let port = from; port < 32_768; port += 1) {
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error('no free port');
}
