import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { onTestFinished } from 'vitest';
import { Fault } from '../../src/errors.ts';
import { listFiles, type PackedFile, readArchive, writeArchive } from '../../src/handover/archive.ts';
import type { Manifest } from '../../src/handover/manifest.ts';
import { contentsOf, unpack } from '../../src/handover/unpack.ts';
import { passed } from '../report/samples.ts';

export const file = (path: string, content: string | Buffer = '', mode: 0o644 | 0o755 = 0o644): PackedFile => ({
  path,
  mode,
  content: Buffer.from(content),
});

const result = { ...passed, name: 'totals', file: 't.scenario.yaml', each: undefined };

/** What a sound archive holds; `more` goes over it. */
export function soundFiles(more: Readonly<Record<string, string>> = {}): readonly PackedFile[] {
  const texts = {
    'evidence/result.json': JSON.stringify(result),
    'source/t.scenario.yaml': 'name: totals\nsteps: [{request: GET /}, {response: 200}]\n',
    'source/wsgi.py': 'def application(environ, start_response): ...\n',
    ...more,
  };
  return Object.entries(texts).map(([path, text]) => file(path, text));
}

/** The manifest of these files. */
export function manifestOf(files: readonly PackedFile[], more: Readonly<Record<string, unknown>> = {}): Manifest {
  return {
    schema: 1,
    wsgiDev: '0.1.0',
    project: 'shop',
    scenario: { name: 'totals', file: 't.scenario.yaml' },
    outcome: 'passed',
    versions: {},
    variables: {},
    leftOut: [],
    envFiles: [],
    files: listFiles(files),
    ...more,
  } as Manifest;
}

/** An archive of these files with a manifest that fits them. */
export async function sealed(files = soundFiles(), more: Readonly<Record<string, unknown>> = {}): Promise<Buffer> {
  return await writeArchive(manifestOf(files, more), files);
}

/** The keys of a tar's entry that a test sets. */
export type Entry = { readonly [K in keyof Header]?: Header[K] | undefined } & { readonly name: string };

/** A compressed tar of entries that no archive of ours would have. */
export async function crafted(
  entries: readonly (readonly [header: Entry, content?: string | Buffer])[],
): Promise<Buffer> {
  const tar = pack();
  const chunks: Buffer[] = [];
  const done = (async () => {
    for await (const chunk of tar) chunks.push(chunk as Buffer);
  })();
  for (const [header, content] of entries) tar.entry({ mode: 0o644, ...header } as Header, content ?? '');
  tar.finalize();
  await done;
  return gzipSync(Buffer.concat(chunks));
}

/** The tar inside of an archive, changed, compressed again. */
export function retarred(archive: Buffer, change: (tar: Buffer) => Buffer): Buffer {
  return gzipSync(change(gunzipSync(archive)));
}

/** A directory of its own for one test. */
export function scratch(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'wsgi-dev-handover-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Reads, checks and unpacks as `reproduce` does; a refusal is its message. Anything but a Fault of code 2 is thrown. */
export async function take(bytes: Buffer, directory: string): Promise<{ readonly refused?: string }> {
  try {
    const archive = await readArchive(bytes, 'bug.tar.gz');
    unpack(archive, contentsOf(archive, 'bug.tar.gz'), directory);
    return {};
  } catch (error) {
    if (error instanceof Fault && error.code === 2) return { refused: error.message };
    throw error;
  }
}

/** Every path below a directory. */
export function everything(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
}
