import type { Engine, ImageInfo } from '../../engine/engine.ts';
import { remembered } from '../../engine/remembered.ts';
import { ExitCode, Fault } from '../../errors.ts';
import type { Surroundings } from '../../project/surroundings.ts';

export interface UserRequest {
  readonly engine: Engine;
  readonly surroundings: Surroundings;
}

/** A service's `user:` as "UID:GID"; names are looked up in its image. A Fault (code 2) where that has no such user. */
export async function numericUser(
  { engine, surroundings }: UserRequest,
  written: string,
  image: ImageInfo | undefined,
): Promise<string> {
  const [user = '', group] = written.split(':');
  if (/^\d+$/.test(user) && (group === undefined || /^\d+$/.test(group))) return `${user}:${group ?? user}`;
  const output =
    image === undefined
      ? ''
      : await remembered(
          engine,
          {
            id: image.id,
            script: 'cat /etc/passwd; echo; cat /etc/group',
            cacheDirectory: surroundings.cacheDirectory,
            isWhole: (text) => text.includes('root:'),
            onRun: () => undefined,
          },
          surroundings.out,
        );
  const [passwd = '', groups = ''] = output.split('\n\n');
  const uid = /^\d+$/.test(user) ? user : field(passwd, user, 2);
  const gid = group === undefined ? field(passwd, user, 3) : /^\d+$/.test(group) ? group : field(groups, group, 2);
  if (uid !== undefined && gid !== undefined) return `${uid}:${gid}`;
  throw new Fault(`The service's user ${written} is not in its image`, {
    code: ExitCode.usage,
    hint: 'Choose whom the application runs as with --user UID[:GID].',
  });
}

function field(table: string, name: string, at: number): string | undefined {
  const row = table.split('\n').find((line) => line.startsWith(`${name}:`));
  return row?.split(':')[at];
}
