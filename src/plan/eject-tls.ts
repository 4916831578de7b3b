import { quoted } from '../shell.ts';

/** What names a file of TLS that a server's user may not be allowed to read, and the file that stands for it then. */
const FILES: ReadonlyMap<string, string> = new Map([
  ['sslcertificatefile', 'cert.pem'],
  ['sslcertificatekeyfile', 'key.pem'],
  ['sslcertificatechainfile', 'cert.pem'],
]);
const DIRECTIVE = /^(\s*)(\w+) (?:"([^"]+)"|(\S+))$/;

/**
 * The configuration with variables in the place of its certificates, and the lines of the shell that set them: to the
 * files themselves where the user can read all of them, else to a pair that signs itself.
 */
export function withCertificates(lines: readonly string[]): {
  readonly configuration: readonly string[];
  readonly behind: readonly string[];
} {
  const found: { readonly variable: string; readonly path: string; readonly instead: string }[] = [];
  const configuration = lines.map((line) => {
    const [, margin = '', name = '', inQuotes, bare] = DIRECTIVE.exec(line) ?? [];
    const path = inQuotes ?? bare ?? '';
    const instead = FILES.get(name.toLowerCase());
    if (instead === undefined || !path.startsWith('/')) return line;
    const variable = `WSGI_DEBUG_TLS_${found.length + 1}`;
    found.push({ variable, path, instead });
    return `${margin}${name} "${'$'.concat(`{${variable}}`)}"`;
  });
  if (found.length === 0) return { configuration, behind: [] };
  const each = found.map(({ variable }) => variable).join(' ');
  const behind = [
    '# Certificates; where this user may not read one, a pair that signs itself stands for all of them.',
    ...found.map(({ variable, path }) => `${variable}=${quoted(path)}`),
    `for file in ${found.map(({ variable }) => `"$${variable}"`).join(' ')}; do`,
    '  if [ -r "$file" ]; then continue; fi',
    '  say "$file can\'t be read by this user: a certificate that signs itself stands for it"',
    '  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \\',
    '    -keyout "$WSGI_DEBUG_DIR/key.pem" -out "$WSGI_DEBUG_DIR/cert.pem" 2>/dev/null ||',
    '    fail "openssl, which makes one, isn\'t on this server"',
    ...found.map(({ variable, instead }) => `  ${variable}=$WSGI_DEBUG_DIR/${instead}`),
    '  break',
    'done',
    `export ${each}`,
  ];
  return { configuration, behind };
}
