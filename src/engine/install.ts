import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode, Fault } from '../errors.ts';
import type { Output } from '../log.ts';
import { connect } from './docker.ts';
import { type Env, resolveEndpoint } from './endpoint.ts';

const packages = ['docker.io', 'iptables', 'debootstrap'];
const logFile = '/var/log/dockerd.log';
const startDeadline = 60_000;

/**
 * Installs the distribution's engine where it is missing (Debian and Ubuntu, as root), starts it where it doesn't run,
 * and resolves once it answers; shows each command that it runs. Faults with code 3: another system or not root
 * (saying what to install and how), a command that failed, an engine that doesn't answer in 60 s.
 */
export async function installEngine(out: Output, env: Env): Promise<void> {
  if (await answers()) {
    out.info('The engine at unix:///var/run/docker.sock answers already.');
    return;
  }
  const dockerd = findProgram('dockerd', env);
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw byHand(dockerd !== undefined);
  }
  if (dockerd === undefined) {
    await installPackages(out, env);
  }
  await startEngine(out, env);
  out.info('The engine runs.');
}

async function installPackages(out: Output, env: Env): Promise<void> {
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  const apt = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
  // The lists may be absent (as in images) or out of date; a new update costs 10 s, so it is the second attempt.
  const first = await run(out, install, apt);
  if (first.code === 0) return;
  await must(out, ['apt-get', 'update'], apt);
  await must(out, install, apt);
}

async function startEngine(out: Output, env: Env): Promise<void> {
  if (existsSync('/run/systemd/system')) {
    await must(out, ['systemctl', 'enable', '--now', 'docker'], env);
  } else {
    spawnDaemon(out, env);
  }
  // The daemon announces its socket to systemd only; its log says it in words that change. So it is asked.
  const deadline = Date.now() + startDeadline;
  while (!(await answers())) {
    if (Date.now() > deadline) {
      throw new Fault(`The engine was started, but does not answer after ${startDeadline / 1000} s`, {
        code: ExitCode.engine,
        hint: existsSync(logFile)
          ? `Its log is ${logFile}; it ends with:\n${lastLines(logFile)}`
          : 'See: journalctl -u docker',
      });
    }
    await sleep(250);
  }
}

/** In a container or WSL without systemd there is nobody who would keep it: it runs on in a session of its own. */
function spawnDaemon(out: Output, env: Env): void {
  out.info(`$ setsid dockerd >>${logFile} 2>&1 &`);
  const log = openSync(logFile, 'a');
  // A package just installed may lie outside the PATH of a plain user's su.
  const path = [env.PATH, '/usr/sbin', '/sbin'].filter(Boolean).join(delimiter);
  const daemon = spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log], env: { ...env, PATH: path } });
  daemon.on('error', (error) => out.warn(`dockerd: ${error.message}`));
  daemon.unref();
  closeSync(log);
}

async function answers(): Promise<boolean> {
  try {
    await connect(resolveEndpoint({ host: 'unix:///var/run/docker.sock' }, {})).version();
    return true;
  } catch {
    return false;
  }
}

async function must(out: Output, command: readonly string[], env: Env): Promise<void> {
  const { code, tail } = await run(out, command, env);
  if (code !== 0) {
    throw new Fault(`${command.join(' ')} failed with code ${code}:\n${tail}`, {
      code: ExitCode.engine,
      hint: 'Repair what it says, then run wsgi-dev doctor --fix again.',
    });
  }
}

function run(
  out: Output,
  [program = '', ...args]: readonly string[],
  env: Env,
): Promise<{ readonly code: number; readonly tail: string }> {
  out.info(`$ ${[program, ...args].join(' ')}`);
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    let tail = '';
    const take = (chunk: Buffer): void => {
      tail = `${tail}${chunk}`.slice(-4000);
      out.debug(String(chunk).trimEnd());
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => resolve({ code: 127, tail: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, tail: tail.trimEnd().split('\n').slice(-20).join('\n') }));
  });
}

function findProgram(name: string, env: Env): string | undefined {
  const directories = [...(env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];
  return directories
    .filter(Boolean)
    .map((directory) => join(directory, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function byHand(installed: boolean): Fault {
  return new Fault(installed ? 'The engine does not run, and can not be started from here' : 'No engine is installed', {
    code: ExitCode.engine,
    hint: [
      ...(installed ? ['Start it: sudo systemctl start docker (or, as root: dockerd &)', 'To install one:'] : []),
      `Debian, Ubuntu   sudo apt-get install ${packages.join(' ')}`,
      'Fedora           sudo dnf install moby-engine && sudo systemctl enable --now docker',
      'macOS            Docker Desktop, or: brew install colima docker && colima start',
      'Windows          Docker Desktop, or the engine of the distribution inside WSL 2; run wsgi-dev inside WSL',
      'Other systems    https://docs.docker.com/engine/install/',
      'An engine elsewhere: --host tcp://HOST:PORT, or --context NAME',
    ].join('\n'),
  });
}

function lastLines(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-10).join('\n');
}
