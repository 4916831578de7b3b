import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Config } from '../config/config.ts';
import { ExitCode, Fault } from '../errors.ts';

/** www-data: the unprivileged user that Debian's images have for Apache. */
const UNPRIVILEGED = { uid: 33, gid: 33 };
/** Directories that hold nothing the application reads. */
const SKIPPED = new Set(['node_modules', '__pycache__']);

/**
 * Who Apache and the application run as, "UID:GID": --user, else the owner of the project directory, so that files they
 * write are the person's own. Never root unless asked: a root-owned project runs as www-data, and is a Fault (code 2)
 * where that user couldn't read it.
 */
export async function runUser({ user, root }: Pick<Config, 'user' | 'root'>): Promise<string> {
  if (user !== undefined) return user.includes(':') ? user : `${user}:${user}`;
  const owner = await stat(root);
  if (owner.uid !== 0) return `${owner.uid}:${owner.gid}`;
  const unreadable = await firstUnreadable(root);
  if (unreadable === undefined) return `${UNPRIVILEGED.uid}:${UNPRIVILEGED.gid}`;
  throw new Fault(
    `${relative(root, unreadable) || root} belongs to root and can't be read by the unprivileged user that Apache runs as`,
    {
      code: ExitCode.usage,
      hint: [
        `Make it readable (chmod -R o+rX ${root}), give the project to its developer (chown -R), or choose the user`,
        'with --user UID[:GID].',
      ].join('\n'),
    },
  );
}

/**
 * The same, of a server: a Fault (code 2) for root in serve mode. mod_wsgi's daemon processes refuse to be root's
 * ("WSGI process blocked from running as root"); in debug mode there are none.
 */
export async function serverUser(config: Pick<Config, 'user' | 'root' | 'mode'>): Promise<string> {
  const user = await runUser(config);
  if (config.mode === 'debug' || !isRoot(user)) return user;
  throw new Fault(`mod_wsgi serves no application as root, which the user ${user} is`, {
    code: ExitCode.usage,
    hint: 'With --debug it runs as root; without, choose another user with --user UID[:GID].',
  });
}

/** Whether "UID:GID" is root. */
export function isRoot(user: string): boolean {
  return Number(user.split(':')[0]) === 0;
}

async function firstUnreadable(path: string): Promise<string | undefined> {
  const { mode, uid, gid } = await stat(path);
  if (!mayRead(mode, uid, gid, 0o5)) return path;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    // Hidden files are settings of tools, and often secrets that are closed on purpose.
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
    if (entry.isDirectory()) {
      const found = await firstUnreadable(inner);
      if (found !== undefined) return found;
    } else if (entry.isFile()) {
      const file = await stat(inner);
      if (!mayRead(file.mode, file.uid, file.gid, 0o4) && !(await isRecording(inner))) return inner;
    }
  }
  return undefined;
}

/** What `up --record` writes, or is about to, is for its owner alone: no application reads it. */
async function isRecording(path: string): Promise<boolean> {
  if (!/\.ya?ml$/.test(path)) return false;
  const text = await readFile(path, 'utf8');
  return text === '' || text.startsWith('# A scenario for `wsgi-dev ci`, recorded');
}

function mayRead(mode: number, uid: number, gid: number, wanted: number): boolean {
  const shift = uid === UNPRIVILEGED.uid ? 6 : gid === UNPRIVILEGED.gid ? 3 : 0;
  return ((mode >> shift) & wanted) === wanted;
}
