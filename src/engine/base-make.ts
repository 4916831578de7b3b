import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { ExitCode, Fault } from '../errors.ts';
import type { Output } from '../log.ts';
import { lineCutter } from './progress.ts';

export interface RootFsRequest {
  /** Path of make-base.sh. */
  readonly script: string;
  readonly suite: string;
  /** Debian's name: "amd64". */
  readonly architecture: string;
}

/**
 * Runs make-base.sh and gives its tar to `consume`; the tar ends in an error unless the script ends well, so that no
 * half image can come of it. Faults with code 4 where it can't run, or when it fails, with its last lines.
 */
export async function makeRootFs(
  request: RootFsRequest,
  out: Output,
  consume: (tar: Readable) => Promise<void>,
): Promise<void> {
  refuseUnfit(request);
  const began = Date.now();
  // Its standard input stays open and unused: the script ends, and cleans up, when this process is gone, however.
  const child = spawn('bash', [request.script, request.suite, request.architecture], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});

  let tail: string[] = [];
  const log = lineCutter((line) => {
    const phase = /^==> (.*)/.exec(line)?.[1];
    if (phase === undefined) {
      tail = [...tail.slice(-19), line];
      out.debug(line);
    } else {
      tail = [];
      out.info(`  ${String(Math.round((Date.now() - began) / 1000)).padStart(3)} s  ${phase}`);
    }
  });
  child.stderr.setEncoding('utf8').on('data', log.push);

  const ended = new Promise<Fault | undefined>((resolve) => {
    child.on('error', (error) => resolve(failed(request, [error.message])));
    child.on('close', (code, signal) => {
      log.end();
      resolve(code === 0 ? undefined : failed(request, [...tail, signal ?? `code ${code}`]));
    });
  });
  const tar = new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush: (done) => void ended.then((fault) => done(fault ?? null)),
  });
  // Whoever reads it hears of its errors too; this one keeps it from ending the process when nobody does.
  tar.on('error', () => {});
  child.stdout.on('error', () => {});
  child.stdout.pipe(tar);
  try {
    await consume(tar);
    const fault = await ended;
    if (fault !== undefined) throw fault;
  } catch (error) {
    // The script's own failure is the cause of the import's, if there is one.
    throw tar.errored ?? error;
  } finally {
    child.stdin.end();
    tar.destroy();
    child.stdout.destroy();
    await ended;
  }
}

/** Why no base image can be made on this machine for an engine of this architecture; undefined: one can. */
export function unfitToMake(architecture: string): string | undefined {
  const here = { x64: 'amd64', arm64: 'arm64', arm: 'armhf', ia32: 'i386', ppc64: 'ppc64el' }[String(process.arch)];
  if (process.getuid?.() !== 0) return 'that needs root';
  if (!existsSync('/usr/bin/dpkg') || !existsSync('/usr/lib/apt/apt-helper')) {
    return 'that needs a Debian-like system with apt';
  }
  if (architecture === (here ?? process.arch)) return undefined;
  return `the engine's architecture is ${architecture}, this machine's ${here ?? process.arch}`;
}

function refuseUnfit({ suite, architecture }: RootFsRequest): void {
  const reason = unfitToMake(architecture);
  if (reason === undefined) return;
  throw new Fault(
    `There is no base image for Debian ${suite}, no registry has it, and none can be made here: ${reason}`,
    {
      code: ExitCode.build,
      hint: [
        `Give the engine a way to a registry that has debian:${suite}-slim, or bring the image yourself:`,
        `  docker save debian:${suite}-slim >base.tar     where there is one`,
        '  docker load <base.tar                          here',
        `On Debian or Ubuntu, one run as root makes it from the Debian archive: sudo wsgi-dev build`,
      ].join('\n'),
    },
  );
}

function failed({ suite }: RootFsRequest, lines: readonly string[]): Fault {
  return new Fault(`Making a base image for Debian ${suite} failed:\n${lines.map((line) => `  ${line}`).join('\n')}`, {
    code: ExitCode.build,
    hint: "The Debian archive must be reachable as the host's apt reaches it (sources and proxies of apt), with 1 GB free in /var/tmp.",
  });
}
