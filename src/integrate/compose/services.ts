import { parse } from 'yaml';
import { isObject } from '../../jsonc.ts';
import { composeFiles, textOf } from './file.ts';

/** The names of the services of a project's compose files, as they are written there: for a shell that completes them. */
export function serviceNames(directory: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const names = composeFiles(directory, [], env).flatMap((file) => {
    const model: unknown = parse(textOf(file) ?? '', { merge: true });
    return isObject(model) && isObject(model.services) ? Object.keys(model.services) : [];
  });
  return [...new Set(names)].sort();
}
