import { type Duplex, PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandSession, ExecRequest } from './engine.ts';
import { engineFault, faultKind, wentAway } from './fault.ts';
import { guardStream, type Link } from './link.ts';
import { ended, outputs } from './outputs.ts';

/**
 * Keys that leave an exec's terminal can't be switched off as those of attach can: the engine takes single ASCII
 * bytes only. These hold back no key that a shell or an editor lives on.
 */
const rareKeys = 'ctrl-^,ctrl-^,ctrl-^,ctrl-^';

/** So long may the engine take to note a command's end after its output's. */
const exitDeadline = 5_000;

/**
 * Starts a command in a running container. A command that isn't there or can't be executed is no fault: the session
 * ends with 127 or 126, as a shell's would. Faults: "no-container", "not-running", and those of the connection.
 */
export async function execIn(link: Link, id: string, request: ExecRequest): Promise<CommandSession> {
  const doing = `execute ${request.command[0] ?? 'a command'} in the container ${id}`;
  const exec = await link.attempt(doing, () =>
    link.docker.getContainer(id).exec({
      Cmd: [...request.command],
      Tty: request.tty,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Env: [...request.env],
      DetachKeys: rareKeys,
      ...(request.user !== undefined && { User: request.user }),
      ...(request.workingDir !== undefined && { WorkingDir: request.workingDir }),
    }),
  );
  let stream: Awaited<ReturnType<typeof exec.start>>;
  try {
    stream = await link.attempt(doing, () => exec.start({ hijack: true, stdin: true, Tty: request.tty }));
  } catch (error) {
    const code = { 'command-not-found': 127, 'command-not-executable': 126 }[String(faultKind(error))];
    if (code === undefined || !(error instanceof Error)) throw error;
    return endedSession(error.message, code);
  }
  guardStream(stream, link.address);
  const first = firstChunk(stream);
  const { stdout, stderr } = outputs(stream, request.tty);
  return {
    stream,
    stdout,
    stderr,
    resize: ({ columns, rows }) =>
      link.attempt(`resize the terminal of ${doing}`, async () => void (await exec.resize({ w: columns, h: rows }))),
    async exitCode() {
      await ended({ stdout, stderr });
      // The connection may close a moment before the engine has noted the exit: there is no event for that moment.
      const deadline = Date.now() + exitDeadline;
      for (;;) {
        const { Running, ExitCode } = await link.attempt(doing, () => exec.inspect());
        if (!Running && ExitCode !== null) return ExitCode === 126 ? refusedCode(first(), link.address) : ExitCode;
        if (Date.now() > deadline) throw wentAway(link.address);
        await sleep(10);
      }
    },
  };
}

/** Engines before 23 say 126 of a command that is missing too; the difference is in the error they print in its place. */
function refusedCode(output: string, address: string): number {
  const refused = output.includes('OCI runtime exec failed');
  return refused && faultKind(engineFault(new Error(output), address, 'execute')) === 'command-not-found' ? 127 : 126;
}

/** What came first, without reading the stream in anybody's place. */
function firstChunk(stream: Duplex): () => string {
  const early: unknown = stream.read();
  if (Buffer.isBuffer(early)) {
    stream.unshift(early);
    return () => early.toString();
  }
  let chunk = '';
  const push = stream.push.bind(stream);
  stream.push = (data, encoding) => {
    stream.push = push;
    if (Buffer.isBuffer(data)) chunk = data.toString('utf8', 0, 1024);
    return push(data, encoding);
  };
  return () => chunk;
}

function endedSession(message: string, code: number): CommandSession {
  const stderr = Readable.from([Buffer.from(`${message}\n`)]);
  const stdout = Readable.from([]);
  const stream = new PassThrough().resume();
  return { stream, stdout, stderr, resize: async () => {}, exitCode: async () => code };
}
