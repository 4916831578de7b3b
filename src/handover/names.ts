/** What a file's path inside an archive must not be, in words; undefined: it is fit for every system. */
export function nameFault(path: string): string | undefined {
  if (path === '') return 'has no name';
  if (/[\0-\x1f\x7f-\x9f]/.test(path)) return 'has a control character in its name';
  if (path.includes('\\')) return 'has a backslash in its name';
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'has an absolute path';
  const parts = path.split('/');
  if (parts.includes('..')) return 'leads out of the folder';
  if (parts.some((part) => part === '' || part === '.')) return 'has an empty part in its path';
  if (Buffer.byteLength(path) > 1000 || parts.some((part) => Buffer.byteLength(part) > 255))
    return 'has too long a name';
  // Whoever runs git or wsgi-dev in the folder later would take these for their own.
  if (parts.some((part) => /^(\.git|\.wsgi-dev)$/i.test(part))) return 'would be the state of a tool';
  return undefined;
}

/** The first path that can't be there together with the others, and why. */
export function clash(paths: readonly string[]): { readonly path: string; readonly fault: string } | undefined {
  const files = new Set<string>();
  for (const path of paths) {
    if (files.has(path)) return { path, fault: 'is there twice' };
    files.add(path);
  }
  const directories = new Set(paths.flatMap(parents));
  const both = paths.find((path) => directories.has(path));
  if (both !== undefined) return { path: both, fault: 'is a file and a directory' };
  // git takes such a directory for a repository, and runs what its configuration says.
  const bare = paths.find((path) => {
    const at = path === 'HEAD' ? '' : path.endsWith('/HEAD') ? path.slice(0, -'HEAD'.length) : undefined;
    return at !== undefined && directories.has(`${at}objects`) && directories.has(`${at}refs`);
  });
  return bare === undefined ? undefined : { path: bare, fault: 'would make its directory a git repository' };
}

function parents(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
