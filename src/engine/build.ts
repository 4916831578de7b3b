import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { ExitCode } from '../errors.ts';
import type { ContextFile } from '../plan/plan.ts';
import type { Builder } from './builder.ts';
import type { BuildRequest } from './engine.ts';
import { EngineFault, engineFault, faultKind } from './fault.ts';
import { guardStream, type Link } from './link.ts';
import { type ProgressMessage, progressMessages } from './progress.ts';
import { classicSteps, type Steps, tracedSteps } from './steps.ts';
import { unmounted } from './unmounted.ts';

/**
 * Builds with one of the engine's builders and tags; `onLine` gets each line of output, cleaned. Rejects with code 4:
 * the step that failed with its last lines (kind "build"), a base image that can't be had ("registry"), a full disk
 * ("disk-full"); with code 3 when the engine can't be reached or goes away.
 */
export async function buildImage(
  link: Link,
  request: BuildRequest,
  builder: Builder,
  onLine: (line: string) => void,
): Promise<void> {
  const pass = async (): Promise<Failure | undefined> => {
    const steps = builder === 'buildkit' ? await tracedSteps(onLine) : classicSteps(onLine);
    const response = await link.docker.buildImage(contextTar(contextFor(builder, request.context())), {
      t: request.tag,
      buildargs: { ...request.proxies, ...request.buildArgs },
      labels: { ...request.labels },
      nocache: request.noCache,
      rm: true,
      forcerm: true,
      ...(request.signal && { abortSignal: request.signal }),
      ...(builder === 'buildkit' && sessionless),
    });
    for await (const message of progressMessages(guardStream(asReadable(response), link.address))) {
      steps.take(message);
      if (message.error !== undefined) {
        steps.end();
        return { ...steps.last(), ...message.error };
      }
    }
    steps.end();
    return undefined;
  };
  await link.attempt(
    `build the image ${request.tag}`,
    async () => {
      let failure = await pass();
      for (let more = 4; more > 0 && failure !== undefined && CACHE_LOST.test(failure.text); more -= 1) {
        failure = await pass();
      }
      if (failure !== undefined) throw buildFault(link.address, request.tag, failure);
    },
    ExitCode.build,
  );
}

/** What a build ended with: the engine's error, and the step that it came of. */
type Failure = ReturnType<Steps['last']> & NonNullable<ProgressMessage['error']>;

/**
 * Looking for a step in its cache, the classic builder lists the images made of the one before, and then reads each. One
 * that somebody removes between the two ends the build (image/cache, getLocalCachedImage), which was fine.
 */
const CACHE_LOST = /^unable to find image "sha256:[0-9a-f]{64}"$/;

/**
 * BuildKit, as the engine takes it from a URL. Of the text dockerode would open a session, for credentials: the base is
 * on the engine before it is built on, and a session is a server of its own.
 */
const sessionless: object = { version: 2 };

function contextFor(builder: Builder, files: readonly ContextFile[]): readonly ContextFile[] {
  if (builder === 'buildkit') return files;
  return files.map((file) =>
    file.path === 'Dockerfile' ? { ...file, content: unmounted(file.content.toString()) } : file,
  );
}

function buildFault(address: string, tag: string, { step, tail, text: error, exitCode: code }: Failure): EngineFault {
  const exitCode = code ?? exitCodeIn(error);
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

/** BuildKit has it in its words alone. */
function exitCodeIn(error: string): number | undefined {
  const code = /(?:executor failed running|did not complete successfully).*: exit code: (\d+)\s*$/s.exec(error)?.[1];
  return code === undefined ? undefined : Number(code);
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
