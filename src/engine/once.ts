import { json } from 'node:stream/consumers';
import type { ContainerPlan } from '../plan/plan.ts';
import { createOptions } from './container.ts';
import type { OnceSession, TerminalSize } from './engine.ts';
import { field, wentAway } from './fault.ts';
import { inPlainWords } from './init-words.ts';
import { joinRest } from './joined.ts';
import type { Link } from './link.ts';
import { ended, outputs } from './outputs.ts';

/**
 * Starts a command in a container of its own, which the engine removes once the command has ended, whoever still looks
 * at it. docker-init, its first process, ends with 127 for a command that isn't there and 126 for one that may not be
 * executed. `tty` is the terminal's size; undefined: it has none.
 */
export async function startOnce(
  link: Link,
  plan: ContainerPlan,
  tty: TerminalSize | undefined,
  remove: (id: string) => Promise<void>,
): Promise<OnceSession> {
  const { docker, attempt } = link;
  const doing = `run ${plan.command[0] ?? 'a command'} in the container ${plan.name}`;
  const { id } = await attempt(doing, () => docker.createContainer(onceOptions(plan, tty)));
  const container = docker.getContainer(id);
  const resize = ({ columns, rows }: TerminalSize): Promise<void> =>
    attempt(`resize the terminal of ${plan.name}`, async () => void (await container.resize({ w: columns, h: rows })));
  try {
    if (plan.joined !== undefined) await joinRest(link, id, plan.joined);
    return await attempt(doing, async () => {
      // %FF: no keys of the engine's own leave it.
      const query = { stream: 1, stdin: 1, stdout: 1, stderr: 1, detachKeys: '%FF' };
      const stream = await link.hijack(`/containers/${id}/attach`, query);
      // Asked before the start: afterwards it may be gone already.
      const answer = await link.readable('POST', `/containers/${id}/wait`, { condition: 'removed' });
      await container.start();
      const out = outputs(stream, tty !== undefined);
      // Engines before 23 don't take the size at the creation. A command that is just ending can't be resized.
      if (tty !== undefined) await resize(tty).catch(() => undefined);
      return {
        id,
        stream,
        ...(out.stderr === undefined
          ? { stdout: inPlainWords(out.stdout), stderr: undefined }
          : { stdout: out.stdout, stderr: inPlainWords(out.stderr) }),
        resize,
        async exitCode() {
          await ended(out);
          const code = field(await attempt(doing, () => json(answer)), 'StatusCode');
          if (typeof code !== 'number') throw wentAway(link.address);
          return code;
        },
      };
    });
  } catch (error) {
    await remove(id);
    throw error;
  }
}

/** As the project's container, but for what makes it last. */
function onceOptions(plan: ContainerPlan, tty: TerminalSize | undefined): ReturnType<typeof createOptions> {
  const options = createOptions(plan);
  return {
    ...options,
    Tty: tty !== undefined,
    // Its input ends with the client.
    StdinOnce: true,
    HostConfig: {
      ...options.HostConfig,
      AutoRemove: true,
      // What it prints is its client's alone.
      LogConfig: { Type: 'none', Config: {} },
      ...(tty !== undefined && { ConsoleSize: [tty.rows, tty.columns] }),
    },
  };
}
