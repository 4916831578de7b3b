import { isIP } from 'node:net';
import { reservedBy } from './reserved.ts';

/** A value, or what is wrong with the text it was to be read from. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string };

/** Reads one text; flags, variables and wsgi-dev.yaml share these, so they accept and refuse the same. */
export type Parser<T> = (text: string) => Parsed<T>;

/** Where the server is published on the host. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The Python versions that a Debian suite carries; the runner needs 3.9. */
export const suitePythons = ['3.9', '3.11', '3.13', '3.14'] as const;
export const defaultPython = '3.11';
export const defaultHost = '127.0.0.1';
export const defaultPort = 8000;

/** "8000", "0.0.0.0:8000", "localhost:8000", "[::1]:8000". Docker publishes on addresses, so no other host names. */
export function parsePort(text: string): Parsed<Address> {
  const match = /^(?:(?:\[([^\]]*)\]|([^:]*)):)?([^:\]]*)$/.exec(text);
  if (match === null) {
    return { fault: 'expected PORT or HOST:PORT, such as 8000, 127.0.0.1:8000 or [::1]:8000' };
  }
  const [, bracketed, plain, digits = ''] = match;
  if (!/^\d+$/.test(digits)) return { fault: `expected a port number, not "${digits}"` };
  const port = Number(digits);
  if (port > 65535) return { fault: 'a port lies between 1 and 65535 (0 picks a free one)' };
  const host = bracketed === undefined ? parseHost(plain ?? defaultHost) : parseBracketedHost(bracketed);
  return 'fault' in host ? host : { value: { host: host.value, port } };
}

function parseHost(text: string): Parsed<string> {
  if (text === 'localhost') return { value: defaultHost };
  if (isIP(text) === 4) return { value: text };
  return { fault: `the host must be an IP address or localhost, not "${text}"` };
}

function parseBracketedHost(text: string): Parsed<string> {
  if (isIP(text) !== 6 || text.includes('%')) return { fault: `expected an IPv6 address in brackets, not "[${text}]"` };
  // URL gives the one canonical spelling, so that 0:0:0:0:0:0:0:1 is known as ::1.
  return { value: new URL(`http://[${text}]`).hostname.slice(1, -1) };
}

/** Only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** "3.11", from 3.9 on; the patch level is that of the suite or image. */
export function parsePython(text: string): Parsed<string> {
  const [, version, minor, patch] = /^(3\.([1-9]\d?))(\.\w+)?$/.exec(text) ?? [];
  if (version === undefined || Number(minor) < 9) {
    return { fault: `Python "${text}" is not available; choose ${listed(suitePythons)}, or another from 3.9 on` };
  }
  return patch === undefined ? { value: version } : { fault: `give the version as ${version}, without patch level` };
}

/** "1000" or "1000:1000". */
export function parseUser(text: string): Parsed<string> {
  const ids = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(text)?.slice(1) ?? [];
  if (ids.length === 0) return { fault: 'expected UID or UID:GID in numbers, such as 1000:1000' };
  // 2^32 - 1 is (uid_t) -1, which no process can have.
  if (ids.some((id) => Number(id ?? 0) > 4294967294)) return { fault: 'a UID or GID is at most 4294967294' };
  return { value: text };
}

/** "host", or the name of a network of the engine. */
export function parseNetwork(text: string): Parsed<string> {
  if (text === 'none') return { fault: 'with the network "none" the server could not be reached' };
  return /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(text)
    ? { value: text }
    : { fault: 'expected host or the name of a network' };
}

/** The name of a compose file's service. */
export function parseService(text: string): Parsed<string> {
  return /^[A-Za-z0-9._-]+$/.test(text) ? { value: text } : { fault: `"${text}" is not the name of a compose service` };
}

/** The words that YAML, systemd and shells use for yes and no. */
export function parseBoolean(text: string): Parsed<boolean> {
  if (/^(1|true|yes|on)$/i.test(text)) return { value: true };
  return /^(0|false|no|off)$/i.test(text) ? { value: false } : { fault: 'expected true or false' };
}

/** A project name that can stand in names of containers and of images (which allow less: no "_" at an end). */
export function parseName(text: string): Parsed<string> {
  if (text.length > 63) return { fault: 'a project name has at most 63 characters' };
  if (/^[a-z0-9]+(?:(?:__?|-+)[a-z0-9]+)*$/.test(text)) return { value: text };
  return {
    fault: `"${text}" cannot be a project name; use a-z, 0-9, "-" and "_" between them, such as ${toName(text)}`,
  };
}

/** A valid project name made of any text; `otherwise` when nothing usable remains. */
export function toName(text: string, otherwise = 'project'): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const joined = plain.replace(/[^a-z0-9_-]+/g, '-').replace(/_{3,}|[_-]*-[_-]*/g, '-');
  return (
    joined
      .slice(0, 70)
      .replace(/^[_-]+/, '')
      .slice(0, 63)
      .replace(/[_-]+$/, '') || otherwise
  );
}

/** A Debian package name, as Debian's policy (5.6.1) spells it. */
export function parseApt(text: string): Parsed<string> {
  return /^[a-z0-9][a-z0-9+.-]+$/.test(text) ? { value: text } : { fault: `"${text}" is not a Debian package name` };
}

/** A command for /bin/sh. */
export function parseCommand(text: string): Parsed<string> {
  return text.trim() === '' || text.includes('\0') ? { fault: 'expected a command' } : { value: text };
}

/** A dependency group or an extra, as PEP 508 spells names. */
export function parseGroup(text: string): Parsed<string> {
  return /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/.test(text)
    ? { value: text }
    : { fault: `"${text}" is not the name of a dependency group or an extra` };
}

/** The URL path of the application: "/" or "/shop", without a slash at the end. */
export function parseUrlPath(text: string): Parsed<string> {
  if (!text.startsWith('/')) return { fault: `a URL path starts with "/", "${text}" does not` };
  const segments = text.slice(1).replace(/\/$/, '').split('/');
  const good = text === '/' || segments.every((part) => /^[\w.~-]+$/.test(part) && part !== '.' && part !== '..');
  return good
    ? { value: text === '/' ? text : text.replace(/\/$/, '') }
    : { fault: `"${text}" is not a plain URL path` };
}

/** A path of a deployment, "/srv/shop", or a placeholder that its configuration has for one, "%INSTALLDIR%". */
export function parseDeployed(text: string): Parsed<string> {
  const good = /^(\/[^/\s"']+)+\/?$/.test(text) || /^(%\w+%|@\w+@|<[\w-]+>|\{\{ ?\w+ ?\}\})$/.test(text);
  return good
    ? { value: text.replace(/\/$/, '') }
    : { fault: `"${text}" is no absolute path of a deployment, such as /srv/shop, nor a placeholder, such as %DIR%` };
}

/** The name of an environment variable. */
export function parseVariable(text: string): Parsed<string> {
  return /^[A-Za-z_][\w.-]*$/.test(text) ? { value: text } : { fault: `"${text}" is not a variable name` };
}

/** "KEY=VAL", or "KEY": `value` undefined, to be taken from the environment. */
export function parseEnvEntry(text: string): Parsed<{ readonly key: string; readonly value: string | undefined }> {
  const at = text.indexOf('=');
  const key = parseVariable(at === -1 ? text : text.slice(0, at));
  if ('fault' in key) return { fault: `expected KEY=VALUE or KEY; ${key.fault}` };
  return { value: { key: key.value, value: at === -1 ? undefined : text.slice(at + 1) } };
}

/** "SOURCE:TARGET[:ro|rw]" as compose spells it; the source is still relative. */
export function parseMount(text: string): Parsed<{ source: string; target: string; readOnly: boolean }> {
  const [source = '', target = '', mode = 'rw', ...rest] = text.split(':');
  if (source === '' || target === '' || rest.length > 0) return { fault: 'expected SOURCE:TARGET or SOURCE:TARGET:ro' };
  if (!/^(\.|\/|~\/|~$)/.test(source)) {
    return { fault: `named volumes are not supported; for the directory write ./${source}` };
  }
  if (mode !== 'ro' && mode !== 'rw') return { fault: `expected ro or rw at the end, not "${mode}"` };
  const clean = target.replace(/\/+$/, '');
  if (!target.startsWith('/') || clean.split('/').some((part) => part === '..' || part === '.')) {
    return { fault: `the target must be an absolute path, not "${target}"` };
  }
  if (clean === '' || clean === '/app')
    return { fault: `the target must not be ${clean || '/'}: the application is there` };
  const place = reservedBy(clean);
  if (place !== undefined) return { fault: `the target must not be ${clean}: wsgi-dev has its own ${place}` };
  return { value: { source, target: clean, readOnly: mode === 'ro' } };
}

/** "a, b or c" */
export function listed(words: readonly string[], last = 'or'): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** "shop/views.py:42", "shop.views:cart", each with " if total > 10" behind; the runner finds the place. */
export function parseBreak(text: string): Parsed<string> {
  const [, place = '', condition] = /^\s*(.*?)\s*(?:\sif\s(.*))?$/.exec(text) ?? [];
  const example = 'such as shop/views.py:42 or "shop.views:cart if total > 10"';
  if (!/^[^:]+:([1-9]\d*|[^\W\d]\w*(\.[^\W\d]\w*)*)$/u.test(place)) {
    return { fault: `expected FILE:LINE or MODULE:FUNCTION, ${example}` };
  }
  if (condition?.trim() === '') return { fault: `expected a condition behind "if", ${example}` };
  return { value: text.trim() };
}
