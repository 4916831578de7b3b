import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { ExitCode, Fault } from '../errors.ts';
import { type Manifest, parseManifest, printed } from './manifest.ts';
import { clash, nameFault } from './names.ts';

/** One file of an archive. */
export interface PackedFile {
  /** POSIX path. */
  readonly path: string;
  readonly mode: 0o644 | 0o755;
  readonly content: Buffer;
}

/** An archive that was checked as a whole. */
export interface Archive {
  readonly manifest: Manifest;
  /** Without the manifest, by path. */
  readonly files: ReadonlyMap<string, PackedFile>;
}

const MEBI = 1024 * 1024;
/** What an archive may be: all of it is held in memory until it has been checked. */
export const LIMITS = {
  packed: 128 * MEBI,
  unpacked: 256 * MEBI,
  manifest: 16 * MEBI,
  files: 20_000,
  /** Unpacked it may be so many times its size, and `spare` more. */
  ratio: 100,
  spare: 16 * MEBI,
} as const;

const MANIFEST = 'manifest.json';
const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** What the manifest says of each file. */
export function listFiles(files: readonly PackedFile[]): Manifest['files'] {
  return files.map(({ path, mode, content }) => ({
    path,
    size: content.length,
    mode: mode === 0o755 ? '0755' : '0644',
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
}

/** The archive's bytes: the same for the same content, whenever and by whomever it is made. */
export async function writeArchive(manifest: Manifest, files: readonly PackedFile[]): Promise<Buffer> {
  const tar = pack();
  const chunks: Buffer[] = [];
  const done = (async () => {
    for await (const chunk of tar) chunks.push(chunk as Buffer);
  })();
  const own = { path: MANIFEST, mode: 0o644, content: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) };
  for (const { path, mode, content } of [own, ...files]) {
    tar.entry({ name: path, mode, mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '', type: 'file' }, content);
  }
  tar.finalize();
  await done;
  return await compress(Buffer.concat(chunks), { level: 9 });
}

/** Reads an archive called `name` and checks all of it; a Fault (code 2) says what is wrong, and with which entry. */
export async function readArchive(bytes: Buffer, name: string): Promise<Archive> {
  const wrong = (what: string): Fault =>
    new Fault(`${name}: ${what}`, { code: ExitCode.usage, hint: 'Nothing of it was written.' });
  if (bytes.length > LIMITS.packed) throw wrong(`is larger than ${LIMITS.packed / MEBI} MiB`);
  const tar = await unzipped(bytes, wrong);
  const entries = await entriesOf(tar, wrong);
  const [first, ...rest] = entries;
  if (first?.path !== MANIFEST) throw wrong(`is no archive of \`wsgi-dev ci pack\`: its first file is no ${MANIFEST}`);
  if (first.content.length > LIMITS.manifest) throw wrong(`${MANIFEST} is too large`);
  const parsed = parseManifest(first.content.toString('utf8'));
  if ('fault' in parsed) throw wrong(`${MANIFEST} ${parsed.fault}`);
  const fault = contentsFault(parsed.manifest, rest);
  if (fault !== undefined) throw wrong(fault);
  return { manifest: parsed.manifest, files: new Map(rest.map((file) => [file.path, file])) };
}

async function unzipped(bytes: Buffer, wrong: (what: string) => Fault): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw wrong('is no archive: it is not compressed by gzip');
  const most = Math.min(LIMITS.unpacked, bytes.length * LIMITS.ratio + LIMITS.spare);
  const tar = await decompress(bytes, { maxOutputLength: most }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw wrong(`unpacks to more than ${Math.floor(most / MEBI)} MiB, which is too much for its size`);
    }
    throw wrong(error.code === 'Z_BUF_ERROR' ? 'is cut off' : `is damaged (${error.message})`);
  });
  // gzip ends with the size: what somebody put behind it would go unseen.
  if (bytes.readUInt32LE(bytes.length - 4) !== tar.length) throw wrong('has something behind its end');
  return tar;
}

async function entriesOf(tar: Buffer, wrong: (what: string) => Fault): Promise<readonly PackedFile[]> {
  const reader = extract();
  const entries: PackedFile[] = [];
  reader.end(tar);
  try {
    for await (const entry of reader) {
      const { name, type, mode, size = 0 } = entry.header;
      const shown = `\`${printed(name)}\``;
      if (type !== 'file') throw wrong(`${shown} is no file but a ${type ?? 'thing of no known kind'}`);
      const fault = nameFault(name);
      if (fault !== undefined) throw wrong(`${shown} ${fault}`);
      if (entries.length >= LIMITS.files) throw wrong(`has more than ${LIMITS.files} files`);
      if (size > tar.length) throw wrong(`${shown} is cut off`);
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      const content = Buffer.concat(chunks);
      if (content.length !== size) throw wrong(`${shown} is cut off`);
      entries.push({ path: name, mode: mode === 0o755 ? 0o755 : 0o644, content });
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw wrong(`is damaged (${error instanceof Error ? printed(error.message) : 'unreadable'})`);
  }
  return entries;
}

/** The first way in which the files differ from what the manifest says. */
function contentsFault(manifest: Manifest, entries: readonly PackedFile[]): string | undefined {
  const clashing = clash(entries.map(({ path }) => path)) ?? clash(manifest.files.map(({ path }) => path));
  if (clashing !== undefined) return `\`${printed(clashing.path)}\` ${clashing.fault}`;
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  for (const entry of listFiles(entries)) {
    const file = listed.get(entry.path);
    const shown = `\`${printed(entry.path)}\``;
    if (file === undefined) return `${shown} is not in ${MANIFEST}`;
    if (file.sha256 !== entry.sha256 || file.size !== entry.size) return `${shown} was altered: its digest is wrong`;
    if (file.mode !== entry.mode) return `${shown} was altered: its mode is wrong`;
    listed.delete(entry.path);
  }
  const [absent] = listed.keys();
  return absent === undefined ? undefined : `\`${printed(absent)}\` is absent`;
}
