import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FormFile, ReadUpload, RequestBody } from '../scenario.ts';
import { StepFailure } from './stage.ts';

/** A body as it goes over the wire. */
export interface Encoded {
  readonly type: string;
  readonly bytes: Buffer;
}

/** In the place of the random one: the same request is the same bytes each time. */
const BOUNDARY = 'wsgi-dev-form-boundary';

/** Encodes a request's body; paths of files begin at `directory`. Rejects with a StepFailure for one that can't be read. */
export async function encodeBody(body: RequestBody, directory: string, read: ReadUpload = readFile): Promise<Encoded> {
  switch (body.kind) {
    case 'json':
      return { type: 'application/json', bytes: Buffer.from(JSON.stringify(body.value)) };
    case 'text':
      return { type: 'text/plain; charset=utf-8', bytes: Buffer.from(body.text) };
    case 'form':
      return {
        type: 'application/x-www-form-urlencoded',
        bytes: Buffer.from(new URLSearchParams(body.fields.map(({ name, value }) => [name, value])).toString()),
      };
    case 'multipart': {
      const form = new FormData();
      for (const { name, value } of body.fields) form.append(name, value);
      for (const file of body.files) form.append(file.field, await blobOf(file, directory, read), file.filename);
      return await multipart(form);
    }
  }
}

async function multipart(form: FormData): Promise<Encoded> {
  const encoded = new Response(form);
  const random = /boundary=(.+)$/.exec(encoded.headers.get('content-type') ?? '')?.[1] ?? '';
  const text = Buffer.from(await encoded.arrayBuffer()).toString('latin1');
  return {
    type: `multipart/form-data; boundary=${BOUNDARY}`,
    bytes: Buffer.from(text.replaceAll(random, BOUNDARY), 'latin1'),
  };
}

async function blobOf({ content, type }: FormFile, directory: string, read: ReadUpload): Promise<Blob> {
  if (content.kind === 'text') return new Blob([content.text], { type });
  const path = resolve(directory, content.path);
  try {
    return new Blob([await read(path)], { type });
  } catch (error) {
    throw new StepFailure(
      'request',
      `${path} can't be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
