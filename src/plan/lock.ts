import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { ContextFile } from './plan.ts';

/*
 * wsgi-dev.lock: the one description of its keys. What it names becomes arguments of apt-get and lines that pip reads, so
 * nothing but names, versions and hashes gets through.
 */

const version = '[A-Za-z0-9][A-Za-z0-9.+!:~_-]*';
const hash = 'sha256:[0-9a-f]{64}';
const distribution = `[A-Za-z0-9][A-Za-z0-9._-]*==${version}`;
const address = 'https?://[A-Za-z0-9._~:/?#@!&*+,;=%-]+';

const text = (pattern: string, meant: string) => z.string().regex(new RegExp(`^(?:${pattern})$`), `expected ${meant}`);
const sha256 = text(hash, '"sha256:" and 64 hexadecimal digits');
const image = z.string();

const base = z.union([
  z.strictObject({ image, digest: sha256 }).readonly(),
  z.strictObject({ image, id: sha256 }).readonly(),
  z.strictObject({ suite: text('[a-z]+', 'the name of a Debian release') }).readonly(),
  z.strictObject({ devcontainer: z.string() }).readonly(),
]);

const madeFrom = z
  .strictObject({
    python: z.string(),
    mod_wsgi: z.string(),
    image: image.optional(),
    /** Of devcontainer.json and the files that it is made of. */
    devcontainer: sha256.optional(),
    apt: z.array(z.string()).readonly(),
    pip: z.record(z.string(), sha256).readonly(),
  })
  .readonly();

/** Of the file's content, all of its plain values as text. */
export const lockSchema = z.strictObject({
  lock: z.literal('1'),
  from: madeFrom,
  /** Debian's name: "amd64". */
  architecture: text('[a-z0-9]+', 'the name of an architecture'),
  base,
  /** Of the runner's files. */
  runner: sha256,
  python: text(version, 'a version'),
  apache: text(version, 'a version'),
  /** With the hash of what was compiled, where it was. */
  mod_wsgi: text(`${version}(?: ${hash})?`, '"version" or "version sha256:…"'),
  apt: z.array(text(`[a-z0-9][a-z0-9+.-]+=${version}`, '"name=version"')).readonly(),
  /** What the requirements brought, with its address where one is named in them. */
  pip: z
    .array(text(`${distribution}(?: ${hash})+(?: ${address})?`, '"name==version sha256:…", and its address'))
    .readonly(),
  /** What Python and the base image brought. */
  bundled: z.array(text(distribution, '"name==version"')).readonly(),
});

/** wsgi-dev.lock as it is written. */
export type Lock = Readonly<z.output<typeof lockSchema>>;
/** An image of a registry, one that the engine has by itself, one made from the Debian archive, or by the devcontainer CLI. */
export type LockedBase = Lock['base'];
/** What the configuration says of the image; pip: requirements files and their hashes. */
export type MadeFrom = Lock['from'];

/** The file's text: each thing on a line of its own, always in the same order. */
export function renderLock(lock: Omit<Lock, 'lock'>): string {
  const { from, architecture, base, runner, python, apache, mod_wsgi, apt, pip, bundled } = lock;
  const ordered = { lock: 1, from, architecture, base, runner, python, apache, mod_wsgi, apt, pip, bundled };
  const head = "# What this project's image is made of. `wsgi-dev lock` writes this file, --frozen builds from it.\n";
  // No line is folded: its neighbours would change with it.
  return head + stringify(ordered, { lineWidth: 0 });
}

/** Of files and their paths, whatever their order: "sha256:…" */
export function hashOf(files: readonly ContextFile[]): string {
  const sums = files.map(({ path, content }) => `${digest(content)}  ${path}\n`);
  return `sha256:${digest(sums.toSorted().join(''))}`;
}

/** Of one file's content: "sha256:…" */
export function contentHash(content: string | Buffer): string {
  return `sha256:${digest(content)}`;
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
