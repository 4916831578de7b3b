import { resolve } from 'node:path';
import { kindOf } from '../../config/text.ts';
import type { KeyPath } from '../../config/yaml.ts';
import { isOpen } from '../texts.ts';
import { type Finding, listIn, mapIn } from './raw.ts';

/** Finds files to be sent that aren't there. `raw` may be faulty anywhere; paths begin at `directory`. */
export function fileFindings(raw: unknown, directory: string): readonly Finding[] {
  return listIn(mapIn(raw).steps).flatMap((step, index) => {
    const uploads = mapIn(mapIn(mapIn(step).request).files);
    return Object.entries(uploads).flatMap(([field, upload]) => {
      return pathsIn(upload, ['steps', index, 'request', 'files', field]).flatMap(
        ({ text, path }): readonly Finding[] => {
          const message = fileFault(text, directory);
          return message === undefined ? [] : [{ path, of: 'value', message }];
        },
      );
    });
  });
}

function pathsIn(upload: unknown, path: KeyPath): readonly { readonly text: string; readonly path: KeyPath }[] {
  if (typeof upload === 'string') return [{ text: upload, path }];
  if (Array.isArray(upload)) return listIn(upload).flatMap((one, index) => pathsIn(one, [...path, index]));
  const written = mapIn(upload).path;
  return typeof written === 'string' ? [{ text: written, path: [...path, 'path'] }] : [];
}

function fileFault(text: string, directory: string): string | undefined {
  if (text === '' || isOpen(text)) return undefined;
  const kind = text.includes('\0') ? undefined : kindOf(resolve(directory, text.replaceAll('$$', '$')));
  if (kind === 'file') return undefined;
  return kind === undefined ? `the file ${text} does not exist` : `${text} is no file`;
}
