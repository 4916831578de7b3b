import { posix } from 'node:path';

/** Where the runner makes and finds its own files: nothing may be mounted there or below. */
const NOTHING_IN = ['/run/wsgi-dev', '/tmp/wsgi-dev', '/usr/lib/wsgi-dev'];
/** What the image brings: nothing may be mounted over it. A directory of one's own in the packages may be. */
const NOTHING_OVER = ['/opt/venv', '/usr/lib/wsgi-dev'];

/** The place of wsgi-dev's own that a mount at `target` would take away; undefined: none. */
export function reservedBy(target: string): string | undefined {
  const at = posix.join('/', target, '.');
  return NOTHING_IN.find((place) => isIn(at, place)) ?? NOTHING_OVER.find((place) => isIn(place, at));
}

function isIn(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}
