/**
 * What the lines of a requirements file take from this machine, but for what they install as it is edited: directories,
 * archives, `file:` addresses and places to find some, as written.
 */
export function localsIn(text: string): readonly string[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  return lines.map((line) => line.replace(/(^|\s)#.*$/, '').trim()).flatMap((line) => localOf(line) ?? []);
}

function localOf(line: string): string | undefined {
  const place = /^(?:-f\s*|--find-links(?:\s*=\s*|\s+))(\S+)/.exec(line)?.[1];
  if (place !== undefined) return pathIn(place);
  if (line.startsWith('-')) return undefined;
  const address = /^[\w.-]+\s*(?:\[[^\]]*\])?\s*@\s*(\S+)/.exec(line)?.[1];
  const written = address ?? line.split(/[\s;]/)[0] ?? '';
  const path = pathIn(written)?.replace(/\[[^\]]*\]$/, '');
  // As pip tells a path from a name.
  return address !== undefined || /^\.|\/|\.(?:whl|zip|tgz|tar\.\w+)$/.test(path ?? '') ? path : undefined;
}

/** A path, or the one of a `file:` address; undefined: an address elsewhere. */
function pathIn(text: string): string | undefined {
  if (/^file:/i.test(text)) return text.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, '');
  return /^[a-z][a-z0-9+.-]*:/i.test(text) ? undefined : text;
}
