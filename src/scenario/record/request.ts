import { MASKED } from '../../passwords.ts';
import { headerFault, headerValueFault, pathFault } from '../texts.ts';
import type { Jar } from './jar.ts';
import type { RecordedRequest } from './log.ts';
import { isSecretName, type Mask, secretsOfHeader, unfilled } from './mask.ts';
import { bodyOf } from './request-body.ts';

/** A part of the file, and what is to be said above it. */
export interface Noted {
  readonly value: unknown;
  readonly notes: readonly string[];
}

/** What each client sends of itself, or what belongs to the one connection. */
const OWN =
  /^(?:Host|User-Agent|Connection|Keep-Alive|Proxy-.*|Te|Upgrade.*|Accept-Encoding|Cache-Control|Pragma|Dnt|Priority|Origin|Referer|Sec-.*|Content-Length|Transfer-Encoding|Expect|Cookie)$/i;

/** The `request` step that sends the same again; undefined where none can, as the notes say. */
export async function requestStep(
  request: RecordedRequest,
  mask: Mask,
  jar: Jar,
): Promise<Omit<Noted, 'value'> & { readonly value: unknown }> {
  const { method } = request;
  const masked: string[] = [];
  const path = maskedTarget(targetOf(request.target), mask, masked);
  const fault = /^[A-Z]+$/.test(method) ? pathFault(unfilled(path)) : 'its method is no word';
  if (fault !== undefined) {
    return { value: undefined, notes: [`A request (${mask.text(method)} ${path}) is left out: ${fault}.`] };
  }
  const headers = maskedHeaders(request.headers, mask, masked);
  const body = await bodyOf(request, mask, masked);
  const all = { ...headers, ...body.headers };
  const cookies = jar.sent(request.headers.Cookie, path);
  for (const name of Object.keys(cookies.own)) masked.push(`the cookie ${name}`);
  const rest = {
    ...(Object.keys(all).length > 0 && { headers: all }),
    ...body.keys,
    ...(Object.keys(cookies.own).length > 0 && { cookies: cookies.own }),
    ...(!cookies.keeps && { keep_cookies: false }),
  };
  const notes = [...(masked.length > 0 ? [`Masked: ${[...new Set(masked)].join(', ')}.`] : []), ...body.notes];
  if (Object.keys(rest).length === 0) return { value: `${method} ${path}`, notes };
  return { value: { path, ...(method !== (body.sends ? 'POST' : 'GET') && { method }), ...rest }, notes };
}

/** A path, whatever form the request line had, in the characters that a path may have. */
function targetOf(target: string): string {
  const path = target.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  return path.replace(
    /[^\x21-\x22\x24-\x7e]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function maskedTarget(target: string, mask: Mask, masked: string[]): string {
  const [, path = '', query] = /^([^?]*)(?:\?(.*))?$/s.exec(target) ?? [];
  const shown = mask.text(path);
  if (shown !== path) masked.push('a part of the path');
  if (query === undefined) return shown;
  const parameters = query.split('&').map((parameter) => {
    const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(parameter) ?? [];
    const isSecret = value !== undefined && value !== '' && isSecretName(name);
    const text = isSecret ? `${mask.text(name)}=${MASKED}` : mask.text(parameter);
    if (text !== parameter) masked.push(`the parameter ${mask.text(name)}`);
    return text;
  });
  return `${shown}?${parameters.join('&')}`;
}

function maskedHeaders(
  headers: RecordedRequest['headers'],
  mask: Mask,
  masked: string[],
): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (OWN.test(name) || name === 'Content-Type' || /^(?:\*\/)?\*$/.test(value)) continue;
    const fit = headerFault(name) === undefined && headerValueFault(value) === undefined;
    if (!fit) continue;
    const text = isSecretName(name) ? maskedHeader(value) : mask.text(value);
    if (text !== value) masked.push(`the header ${name}`);
    result[name] = text;
  }
  return result;
}

/** The scheme tells which way of authorization it is. */
function maskedHeader(value: string): string {
  const scheme = /^(?:Basic|Bearer|Digest|Token)(?= )/i.exec(value)?.[0];
  return scheme === undefined ? MASKED : `${scheme} ${MASKED}`;
}

/** The values in a request that are secrets by their names: they may stand elsewhere too. */
export function secretsOfRequest({ target, headers }: RecordedRequest): readonly string[] {
  const query = [...new URLSearchParams(target.split('?')[1] ?? '')];
  const cookies = (headers.Cookie ?? '').split(';').map((one) => one.slice(one.indexOf('=') + 1).trim());
  return [
    ...query.filter(([name]) => isSecretName(name)).map(([, value]) => value),
    ...Object.entries(headers)
      .filter(([name]) => isSecretName(name) && name !== 'Cookie')
      .flatMap(([, value]) => secretsOfHeader(value)),
    ...cookies.flatMap((value) => [value, value.replace(/^"|"$/g, '')]),
  ];
}
