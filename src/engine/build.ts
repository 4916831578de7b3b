import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { ExitCode } from '../errors.ts';
import type { ContextFile } from '../plan/plan.ts';
import type { BuildRequest } from './engine.ts';
import { EngineFault, engineFault, faultKind } from './fault.ts';
import { guardStream, type Link } from './link.ts';
import { lineCutter, progressMessages } from './progress.ts';

/** What the classic builder says of its own containers and layers, between the steps and their output. */
const BOOKKEEPING = /^ ?---> (?!Using cache)|^Removing intermediate container /;

/** So much of a failed step's output is shown. */
const tailLength = 20;

/**
 * Builds with the classic builder and tags; `onLine` gets each line of output, cleaned. Rejects with code 4: the step
 * that failed with its last lines (kind "build"), a base image that can't be had ("registry"), a full disk
 * ("disk-full"); with code 3 when the engine can't be reached or goes away.
 */
export async function buildImage(link: Link, request: BuildRequest, onLine: (line: string) => void): Promise<void> {
  const doing = `build the image ${request.tag}`;
  const response = await link.attempt(
    doing,
    () =>
      link.docker.buildImage(contextTar(request.context), {
        t: request.tag,
        buildargs: { ...request.proxies, ...request.buildArgs },
        labels: { ...request.labels },
        nocache: request.noCache,
        rm: true,
        forcerm: true,
      }),
    ExitCode.build,
  );
  let step: string | undefined;
  let tail: string[] = [];
  const output = lineCutter((line) => {
    if (BOOKKEEPING.test(line)) return;
    if (/^Step \d+\/\d+ : /.test(line)) {
      step = line;
      tail = [];
    } else {
      tail = [...tail.slice(1 - tailLength), line];
    }
    onLine(line);
  });
  await link.attempt(
    doing,
    async () => {
      for await (const { stream, error } of progressMessages(guardStream(asReadable(response), link.address))) {
        if (stream !== undefined) output.push(stream);
        if (error !== undefined) {
          output.end();
          throw buildFault(link.address, request.tag, step, tail, error.text, error.exitCode);
        }
      }
      output.end();
    },
    ExitCode.build,
  );
}

function buildFault(
  address: string,
  tag: string,
  step: string | undefined,
  tail: readonly string[],
  error: string,
  exitCode: number | undefined,
): EngineFault {
  const where = step === undefined ? '' : ` at ${step}`;
  const ending = exitCode === undefined ? error : `the command ended with code ${exitCode}`;
  const message = [`Cannot build the image ${tag}:${where}`, ...tail.map((line) => `  ${line}`), ending].join('\n');
  // The engine's own error of a failed command quotes the command, whose words mean nothing here; its output may.
  const evidence = exitCode === undefined ? error : tail.filter((line) => /no space left on device/i.test(line)).join();
  const meaning = engineFault(new Error(evidence), address, 'build', ExitCode.build);
  const kind = faultKind(meaning);
  return new EngineFault(kind === undefined || kind === 'other' ? 'build' : kind, message, {
    code: ExitCode.build,
    ...(meaning.hint && { hint: meaning.hint }),
    cause: new Error(error),
  });
}

/** Owner, time and order are fixed, so that the same content is the same context to the builder's cache. */
function contextTar(files: readonly ContextFile[]): Readable {
  const tar = pack();
  for (const { path, content, mode } of files) {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
    const script = bytes[0] === 0x23 && bytes[1] === 0x21;
    tar.entry(
      { name: path, mode: mode ?? (script ? 0o755 : 0o644), mtime: new Date(0), uid: 0, gid: 0, size: bytes.length },
      bytes,
    );
  }
  tar.finalize();
  return Readable.from(tar);
}

function asReadable(stream: NodeJS.ReadableStream): Readable {
  return stream instanceof Readable ? stream : new Readable().wrap(stream);
}
