import { resolve } from 'node:path';
import { parseAuthority } from './authorities.ts';
import type { ApacheConfig } from './config.ts';
import { existing } from './existing.ts';
import type { Environment } from './flags.ts';
import { packageFile } from './package-files.ts';
import { looksRequired } from './package-kind.ts';
import { type Parsed, type Parser, parseMount } from './parsers.ts';
import type { PathChecks } from './schema.ts';
import { isInside, kindOf } from './text.ts';

/** Where a file's relative paths begin, and how files are named to the person. */
export interface Place {
  /** The project directory, absolute and real. */
  readonly directory: string;
  readonly cwd: string;
  readonly env: Environment;
}

/** What `--apache-config` names: a file, or the directory of a whole configuration. */
export function apacheConfig(directory: string, text: string): Parsed<ApacheConfig> {
  const found = existing(directory, text);
  if ('fault' in found) return found;
  const kind = kindOf(found.value);
  if (kind === 'file' || kind === 'directory') return { value: { path: found.value, kind } };
  return { fault: `${text} is neither a file nor a directory` };
}

/** The checks of one project's paths, for the schema. */
export function pathChecks({ directory, env }: Place): PathChecks {
  const root: Parser<string> = (text) => {
    const found = existing(directory, text, 'directory');
    if ('fault' in found || isInside(found.value, directory)) return found;
    return { fault: `${text} lies outside of the project directory ${directory}` };
  };
  return {
    root,
    file: (text) => existing(directory, text, 'file'),
    packages: (text) => {
      const found = existing(directory, text, 'file');
      if ('value' in found) return packageFile(found.value, text);
      if (!looksRequired(text) || kindOf(resolve(directory, text)) !== undefined) return found;
      return { fault: `${found.fault}; requirements files go here, and ${text} on a line of one` };
    },
    directory: (text) => existing(directory, text, 'directory'),
    apacheConfig: (text) => apacheConfig(directory, text),
    authority: (text) => parseAuthority(directory, text),
    mount: (text) => {
      const mount = parseMount(text);
      if ('fault' in mount) return mount;
      const source = existing(directory, mount.value.source.replace(/^~/, env.HOME ?? '~'));
      return 'fault' in source ? source : { value: { ...mount.value, source: source.value } };
    },
  };
}
