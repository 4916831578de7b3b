import type { PathChecks } from './schema.ts';

const any = (path: string) => ({ value: path });

/** For a JSON Schema: whether a path exists is no matter of it. */
export const UNCHECKED: PathChecks = {
  root: any,
  file: any,
  packages: any,
  directory: any,
  authority: any,
  mount: (source) => ({ value: { source, target: '', readOnly: false } }),
  apacheConfig: (path) => ({ value: { path, kind: 'file' } }),
};
