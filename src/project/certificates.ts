import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AUTHORITIES, HOST } from '../config/authorities.ts';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine/engine.ts';
import type { ContextFile } from '../plan/plan.ts';
import { leaveText } from './state.ts';

/** Where administrators put additional authorities: Debian and its kin, Fedora and its kin. */
const DIRECTORIES = ['/usr/local/share/ca-certificates', '/etc/pki/ca-trust/source/anchors'];
/** The whole system's bundle: what a variable that names it adds is in DIRECTORIES already. */
const SYSTEM_BUNDLES = new Set(['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt']);
/** Variables that name a file of them, for Node, requests, pip and OpenSSL. */
export const certificateVariables = ['NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'PIP_CERT', 'SSL_CERT_FILE'];
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The authorities of a project's builds: those that this host trusts beyond its distribution's, and those it names. */
export async function buildCertificates(
  { caCertificates }: Pick<Config, 'caCertificates'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly ContextFile[]> {
  const own = await hostCertificates(env);
  const named = separated([await namedText(caCertificates, env)]);
  return sortedByPath([...new Map([...own, ...named].map((file) => [file.path, file])).values()]);
}

/** Those that the configuration names, to be carried elsewhere: of "host" what this machine trusts beyond its distribution's. */
export async function carriedCertificates(
  { caCertificates }: Pick<Config, 'caCertificates'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly ContextFile[]> {
  const own = caCertificates.includes(HOST) ? await hostCertificates(env) : [];
  const named = await Promise.all(caCertificates.filter((path) => path !== HOST).map(readText));
  return separated([...own.map(({ content }) => `${content}`), ...named]);
}

/** The certificates of the files that are named, as one text; "host" is all that this machine trusts. */
async function namedText(named: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const bundle = [env.SSL_CERT_FILE, ...SYSTEM_BUNDLES, '/etc/ssl/cert.pem'].find((path) => path && existsSync(path));
  const paths = named.flatMap((path) => (path === HOST ? (bundle ?? []) : path));
  return (await Promise.all(paths.map(readText))).join('\n');
}

/** Leaves in `state`, which is mounted, what the application of `image` is to trust: what the image does and what is named. */
export async function leaveAuthorities(
  engine: Engine,
  { caCertificates }: Pick<Config, 'caCertificates'>,
  { image, state }: { readonly image: string; readonly state: string },
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (caCertificates.length === 0) return;
  const { stdout } = await engine.run(image, 'cat /etc/ssl/certs/ca-certificates.crt 2>/dev/null || true');
  const certificates = separated([stdout, await namedText(caCertificates, env)]);
  await leaveText(join(state, AUTHORITIES), certificates.map(({ content }) => content).join(''));
}

/** The authorities that this host trusts beyond its distribution's, one PEM file each, named by content. */
export async function hostCertificates(
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly ContextFile[]> {
  const named = certificateVariables.flatMap((name) => env[name] ?? []).filter((path) => !SYSTEM_BUNDLES.has(path));
  const listed = await Promise.all(DIRECTORIES.map(certificateFiles));
  const texts = await Promise.all([...new Set([...listed.flat(), ...named])].map(readText));
  return separated(texts);
}

/** One file for each certificate, however often it is there. */
function separated(texts: readonly string[]): readonly ContextFile[] {
  const certificates = new Map<string, ContextFile>();
  for (const text of texts) {
    for (const [pem] of text.matchAll(PEM)) {
      const path = `${createHash('sha256').update(pem).digest('hex').slice(0, 16)}.crt`;
      certificates.set(path, { path, content: `${pem}\n` });
    }
  }
  return sortedByPath([...certificates.values()]);
}

function sortedByPath(files: readonly ContextFile[]): readonly ContextFile[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function certificateFiles(directory: string): Promise<readonly string[]> {
  try {
    const names = await readdir(directory, { recursive: true });
    return names.filter((name) => /\.(crt|pem)$/.test(name)).map((name) => join(directory, name));
  } catch {
    // Not this distribution's place.
    return [];
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // A variable may name a file that only another program's container has.
    return '';
  }
}
