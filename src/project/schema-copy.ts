import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SCHEMA_COPY } from '../config/starter.ts';
import { writeAsOwner } from './state.ts';

/**
 * Keeps a copy of this version's JSON Schema in the project's .wsgi-dev, which is there: an editor completes wsgi-dev.yaml by
 * it, without a network, also in a fresh clone once something was started there.
 */
export async function keepSchema(directory: string, packageRoot: string): Promise<void> {
  const path = join(directory, SCHEMA_COPY);
  const [text, there] = await Promise.all([
    readFile(join(packageRoot, 'schemas/wsgi-dev.schema.json'), 'utf8'),
    readFile(path, 'utf8').catch(() => undefined),
  ]);
  if (text !== there) await writeAsOwner(directory, path, text);
}
