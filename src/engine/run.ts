import { text } from 'node:stream/consumers';
import { demultiplex } from './demux.ts';
import type { RunResult } from './engine.ts';
import type { Link } from './link.ts';

/**
 * Runs a shell script in a container of its own, which is gone when this returns, or when the script ends and nobody
 * waits for it any more. It has no network, no privileges and nothing to write to.
 */
export async function runScript(
  link: Link,
  image: string,
  script: string,
  remove: (id: string) => Promise<void>,
): Promise<RunResult> {
  const doing = `run a script in the image ${image}`;
  const { id } = await link.attempt(doing, () =>
    link.docker.createContainer({
      Image: image,
      Entrypoint: ['/bin/sh', '-c', script],
      Cmd: [],
      // What an image is for is done by a user without rights: what that one can't reach isn't there.
      User: '65534:65534',
      WorkingDir: '/',
      Tty: false,
      AttachStdout: true,
      AttachStderr: true,
      Healthcheck: { Test: ['NONE'] },
      HostConfig: {
        AutoRemove: true,
        NetworkMode: 'none',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        LogConfig: { Type: 'none', Config: {} },
      },
    }),
  );
  try {
    return await link.attempt(doing, async () => {
      const stream = await link.hijack(`/containers/${id}/attach`, { stream: 1, stdout: 1, stderr: 1 });
      const { stdout, stderr } = demultiplex(stream);
      const outputs = Promise.all([text(stdout), text(stderr)]);
      // Where it can't be started, nobody waits for its output.
      outputs.catch(() => {});
      await link.docker.getContainer(id).start();
      const [out, error] = await outputs;
      return { stdout: out, stderr: error };
    });
  } finally {
    await remove(id);
  }
}
