import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An authority of this test alone, and what it signed. */
export interface Authority {
  /** Its certificate, as a file. */
  readonly path: string;
  readonly pem: string;
  /** A key and a certificate in PEM, for a server on these addresses ("IP:127.0.0.1", "DNS:localhost") or a client. */
  sign(name: string, usage: 'serverAuth' | 'clientAuth', addresses?: readonly string[]): Signed;
}

export interface Signed {
  readonly key: string;
  readonly cert: string;
}

/** Makes an authority in `directory`. */
export function makeAuthority(directory: string): Authority {
  const path = join(directory, 'authority.pem');
  const key = join(directory, 'authority.key');
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...curve, '-keyout', key, '-out', path, '-subj', '/CN=Test authority', '-days', '2');
  return {
    path,
    pem: readFileSync(path, 'utf8'),
    sign(name, usage, addresses = []) {
      const file = (ending: string): string => join(directory, `${name}.${ending}`);
      const san = addresses.length === 0 ? '' : `subjectAltName=${addresses.join(',')}\n`;
      writeFileSync(file('ext'), `basicConstraints=CA:FALSE\nextendedKeyUsage=${usage}\n${san}`);
      openssl('req', ...curve, '-keyout', file('key'), '-out', file('csr'), '-subj', `/CN=${name}`);
      const by = ['-CA', path, '-CAkey', key, '-CAcreateserial', '-days', '2', '-extfile', file('ext')];
      openssl('x509', '-req', '-in', file('csr'), '-out', file('pem'), ...by);
      return { key: readFileSync(file('key'), 'utf8'), cert: readFileSync(file('pem'), 'utf8') };
    },
  };
}

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}:\n${stderr}`);
}
