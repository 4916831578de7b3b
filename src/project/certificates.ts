import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContextFile } from '../plan/plan.ts';

/** Where administrators put additional authorities: Debian and its kin, Fedora and its kin. */
const DIRECTORIES = ['/usr/local/share/ca-certificates', '/etc/pki/ca-trust/source/anchors'];
/** The whole system's bundle: what a variable that names it adds is in DIRECTORIES already. */
const SYSTEM_BUNDLES = new Set(['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt']);
/** Variables that name a file of them, for Node, requests, pip and OpenSSL. */
export const certificateVariables = ['NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'PIP_CERT', 'SSL_CERT_FILE'];
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The authorities that this host trusts beyond its distribution's, one PEM file each, named by content. */
export async function hostCertificates(
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly ContextFile[]> {
  const named = certificateVariables.flatMap((name) => env[name] ?? []).filter((path) => !SYSTEM_BUNDLES.has(path));
  const listed = await Promise.all(DIRECTORIES.map(certificateFiles));
  const texts = await Promise.all([...new Set([...listed.flat(), ...named])].map(readText));
  const certificates = new Map<string, ContextFile>();
  for (const text of texts) {
    for (const [pem] of text.matchAll(PEM)) {
      const path = `${createHash('sha256').update(pem).digest('hex').slice(0, 16)}.crt`;
      certificates.set(path, { path, content: `${pem}\n` });
    }
  }
  return [...certificates.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
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
