import { Readable } from 'node:stream';
import type { AuthConfig } from 'dockerode';
import type { FindCredentials } from './credentials.ts';
import type { ImageInfo } from './engine.ts';
import { engineFault, faultKind } from './fault.ts';
import { guardStream, type Link } from './link.ts';
import { progressMessages } from './progress.ts';

/** undefined when the engine has no such image. */
export async function inspectImage(link: Link, ref: string): Promise<ImageInfo | undefined> {
  try {
    return await link.attempt(`inspect the image ${ref}`, async () => {
      const { Id, Config, RepoDigests } = await link.docker.getImage(ref).inspect();
      return { id: Id, labels: Config?.Labels ?? {}, digests: RepoDigests ?? [] };
    });
  } catch (error) {
    if (faultKind(error) === 'no-image') return undefined;
    throw error;
  }
}

export interface PullRequest {
  readonly ref: string;
  readonly credentials: FindCredentials;
  readonly signal: AbortSignal | undefined;
}

/** Pulls `ref`; rejects with a RegistryFault when no registry answers or it has no such image. */
export async function pullImage(
  link: Link,
  { ref, credentials, signal }: PullRequest,
  onProgress: (line: string) => void,
): Promise<void> {
  const doing = `pull the image ${ref}`;
  // Without a tag the engine would fetch every one of them.
  const complete = /[:@][^/]*$/.test(ref) ? ref : `${ref}:latest`;
  await link.attempt(doing, async () => {
    const options = { fromImage: complete, ...(signal && { abortSignal: signal }) };
    // Of the types, one wants a user's name and password, where a token may stand for both.
    const authconfig = ((await credentials(ref)) ?? {}) as AuthConfig;
    await drain(link, doing, await link.docker.createImage(authconfig, options), onProgress);
  });
}

/** Imports a root file system as the image `ref`; when `tar` ends in an error there is no image. */
export async function importImage(link: Link, tar: Readable, ref: string): Promise<void> {
  const doing = `import the image ${ref}`;
  const colon = ref.lastIndexOf(':');
  await link.attempt(doing, async () => {
    const options = { repo: ref.slice(0, colon), tag: ref.slice(colon + 1) };
    await drain(link, doing, await link.docker.importImage(tar, options), () => {});
  });
}

async function drain(
  link: Link,
  doing: string,
  response: NodeJS.ReadableStream,
  onProgress: (line: string) => void,
): Promise<void> {
  const stream = response instanceof Readable ? response : new Readable().wrap(response);
  for await (const { status, id, redraws, error } of progressMessages(guardStream(stream, link.address))) {
    if (error !== undefined) {
      throw engineFault(new Error(error.text), link.address, doing);
    }
    if (status !== undefined && !redraws) {
      onProgress(id === undefined ? status : `${id}: ${status}`);
    }
  }
}

/** Takes the name `ref` away; the layers that others share stay. No error when it is gone already. */
export async function removeImage(link: Link, ref: string): Promise<void> {
  try {
    await link.attempt(`remove the image ${ref}`, () => link.docker.getImage(ref).remove());
  } catch (error) {
    if (faultKind(error) !== 'no-image') throw error;
  }
}
