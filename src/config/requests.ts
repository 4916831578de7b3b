import type { Parsed } from './parsers.ts';

/** A request as one line says it. */
export interface WrittenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** undefined: it has none. */
  readonly body: string | undefined;
}

/** What `wsgi-dev check` requests: "/cart?item=7", "DELETE /cart" or "POST /cart item=7&count=2". */
export function parseRequest(text: string): Parsed<WrittenRequest> {
  const [, method = 'GET', path, body] = /^(?:([A-Z]+)[ \t]+)?(\/[!-~]*)(?:[ \t]+(\S.*))?$/s.exec(text.trim()) ?? [];
  if (path === undefined || path.includes('#')) {
    const example = 'no path such as /cart?item=7, nor a request such as POST /cart item=7';
    return { fault: `"${text}" is ${example}: percent-encode spaces, "#" and what isn't ASCII` };
  }
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    return { fault: `"${text}": ${method} has no body; for POST write "POST ${path} ${body}"` };
  }
  return { value: { method, path, body } };
}

/** The same, as it is written. */
export function parseRequestText(text: string): Parsed<string> {
  const request = parseRequest(text);
  return 'fault' in request ? request : { value: text.trim() };
}
