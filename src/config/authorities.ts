import { existing } from './existing.ts';
import type { Parsed } from './parsers.ts';
import { readText } from './text.ts';

/** In ca_certificates it stands for all that this machine trusts; a file of that name is ./host. */
export const HOST = 'host';

/** A file with certificates in PEM, absolute, or "host". */
export function parseAuthority(directory: string, text: string): Parsed<string> {
  if (text === HOST) return { value: text };
  const found = existing(directory, text, 'file');
  if ('fault' in found) return found;
  const read = readText(found.value);
  if ('fault' in read) return { fault: `${text} ${read.fault}` };
  if (/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.test(read.text)) return found;
  const key = /PRIVATE KEY-----/.test(read.text) ? ', but a private key' : '';
  return { fault: `${text} has no certificate in it${key}; expected PEM, with BEGIN CERTIFICATE` };
}

/** The certificates that an application trusts, once some are named: in the state directory, which its container sees. */
export const AUTHORITIES = 'authorities.pem';
const BUNDLE = `/run/wsgi-dev/${AUTHORITIES}`;
/** What OpenSSL, requests, pip, uv, curl and git read them by. */
export const authorityVariables = [
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
] as const;

/** The environment that makes an application trust them. */
export function authorityEnvironment(named: readonly string[]): Readonly<Record<string, string>> {
  return named.length === 0 ? {} : Object.fromEntries(authorityVariables.map((name) => [name, BUNDLE]));
}
