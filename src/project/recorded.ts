import { closeSync, constants, fstatSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RecordedRequest } from '../scenario/record/log.ts';

const schema = z.object({
  method: z.string(),
  target: z.string(),
  headers: z.record(z.string(), z.string()),
  length: z.number().int().nonnegative(),
  body: z.string().nullable(),
  response: z
    .object({
      status: z.number().int(),
      headers: z.array(z.tuple([z.string(), z.string()])),
      complete: z.boolean(),
    })
    .optional(),
});

/** A body of 1 MB as base64, and its headers. */
const LARGEST = 3 * 1024 * 1024;

/**
 * The record of a request in the state directory, by the name that an event gave; undefined where none can be read. One
 * that has its response is complete: it is removed.
 */
export function readRecorded(state: string, name: string): RecordedRequest | undefined {
  if (!/^recorded\/[\w-]+\.json$/.test(name)) return undefined;
  const path = join(state, name);
  try {
    const { response, ...request } = schema.parse(JSON.parse(readPlainFile(path)));
    if (response === undefined) return request;
    unlinkSync(path);
    return { ...request, response };
  } catch {
    return undefined;
  }
}

/** The application can write there too: no link is followed, and nothing that never ends is read. */
function readPlainFile(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(fd);
    if (!found.isFile() || found.size > LARGEST) throw new Error(`${path} is no record`);
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}
