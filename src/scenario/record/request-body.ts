import { MASKED } from '../../passwords.ts';
import { headerValueFault } from '../texts.ts';
import type { RecordedRequest } from './log.ts';
import { isSecretName, type Mask } from './mask.ts';

/** A request's body as the keys of a step. */
export interface WrittenBody {
  readonly keys: Readonly<Record<string, unknown>>;
  /** Where the kind of the body doesn't say it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  /** The step sends a body. */
  readonly sends: boolean;
}

/** A name and its value in a text of any kind. */
const NAMED = /([\w-]+)(["']?\s*[=:]\s*["']?)([^\s"'&,;}]+)/g;

const none: WrittenBody = { keys: {}, headers: {}, notes: [], sends: false };

/** JSON, a form, files, or a text; what none of them can be is left out, with a note. `masked` gets what was masked. */
export async function bodyOf(request: RecordedRequest, mask: Mask, masked: string[]): Promise<WrittenBody> {
  const kind = request.headers['Content-Type'] ?? '';
  if (request.length === 0) return typed(none, kind, '');
  if (request.body === null) {
    return typed(
      { ...none, notes: [`Its body of ${request.length} bytes was not recorded: it is too long, or broke off.`] },
      kind,
      '',
    );
  }
  const bytes = Buffer.from(request.body, 'base64');
  const [base = ''] = kind.toLowerCase().split(';');
  if (base.trim() === 'multipart/form-data') return await multipart(bytes, kind, mask, masked);
  const text = textOf(bytes);
  if (text === undefined) {
    return typed(
      { ...none, notes: [`Its body of ${bytes.length} bytes is no text: a scenario has no place for it.`] },
      kind,
      '',
    );
  }
  if (/^application\/(?:.*\+)?json$/.test(base.trim())) {
    const json = exactJson(text);
    if (json !== undefined)
      return typed(sent({ json: maskedJson(json.value, mask, masked) }), kind, 'application/json');
  }
  if (base.trim() === 'application/x-www-form-urlencoded') {
    const form = formOf([...new URLSearchParams(text)], mask, masked);
    if (form !== undefined) return typed(sent({ form }), kind, 'application/x-www-form-urlencoded');
  }
  return typed(sent({ body: maskedBody(text, mask, masked) }), kind, 'text/plain; charset=utf-8');
}

/** The values in a body that are secrets by their names. */
export async function secretsOfBody({ headers, body }: RecordedRequest): Promise<readonly string[]> {
  if (body === null) return [];
  const bytes = Buffer.from(body, 'base64');
  const kind = headers['Content-Type'] ?? '';
  const text = bytes.toString('utf8');
  const json = /json/i.test(kind) ? exactJson(text) : undefined;
  if (json !== undefined) return secretsOfJson(json.value, false);
  const fields = /multipart/i.test(kind) ? await partsOf(bytes, kind) : [...new URLSearchParams(text)];
  const named = [...text.matchAll(NAMED)].map(([, name = '', , value = '']) => [name, value] as const);
  return [...(fields ?? []), ...named].flatMap(([name, value]) =>
    isSecretName(name) && typeof value === 'string' ? [value] : [],
  );
}

function sent(keys: Readonly<Record<string, unknown>>): WrittenBody {
  return { ...none, keys, sends: true };
}

/** With the Content-Type, where it isn't the one that such a body has by itself. */
function typed(body: WrittenBody, kind: string, usual: string): WrittenBody {
  const same = kind.toLowerCase().replace(/\s/g, '') === usual.replace(/\s/g, '');
  const utf8 = kind.toLowerCase().replace(/\s/g, '') === `${usual};charset=utf-8`;
  if (kind === '' || same || utf8 || headerValueFault(kind) !== undefined) return body;
  return { ...body, headers: { 'Content-Type': kind } };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** undefined: none, or one whose numbers would not stay what they are. */
function exactJson(text: string): { readonly value: unknown } | undefined {
  try {
    return /\d{16}|\d[eE]/.test(text) ? undefined : { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function maskedJson(value: unknown, mask: Mask, masked: string[], secret = false): unknown {
  if (typeof value === 'string') return secret && value !== '' ? MASKED : mask.text(value);
  if (typeof value === 'number') return secret || mask.text(String(value)) !== String(value) ? MASKED : value;
  if (Array.isArray(value)) return value.map((item) => maskedJson(item, mask, masked, secret));
  if (typeof value !== 'object' || value === null) return value;
  return new Map(
    Object.entries(value).map(([key, inner]) => {
      const result = maskedJson(inner, mask, masked, secret || isSecretName(key));
      if (typeof inner !== 'object' && result !== inner) masked.push(`the value of ${mask.text(key)}`);
      return [mask.text(key), result];
    }),
  );
}

function secretsOfJson(value: unknown, secret: boolean): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return secret ? [String(value)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => secretsOfJson(inner, secret || isSecretName(key)));
}

/** Names and values, or lists of them; undefined where a field has no name, which a scenario can't write. */
function formOf(
  fields: readonly (readonly [string, string])[],
  mask: Mask,
  masked: string[],
): ReadonlyMap<string, string | string[]> | undefined {
  if (fields.some(([name]) => name === '')) return undefined;
  const form = new Map<string, string | string[]>();
  for (const [name, value] of fields) {
    const key = mask.text(name);
    const text = isSecretName(name) && value !== '' ? MASKED : mask.text(value);
    if (text !== value) masked.push(`the field ${key}`);
    const before = form.get(key);
    form.set(key, before === undefined ? text : [...[before].flat(), text]);
  }
  return form;
}

/** In a text that is a form with a field of no name, or JSON that is none, there may be names too. */
function maskedBody(text: string, mask: Mask, masked: string[]): string {
  const byName = text.replace(NAMED, (all, name: string, between: string) =>
    isSecretName(name) ? `${name}${between}${MASKED}` : all,
  );
  const result = mask.text(byName);
  if (result !== text) masked.push('a part of the body');
  return result;
}

type MultipartPart = readonly [name: string, value: string | File];

async function partsOf(bytes: Uint8Array<ArrayBuffer>, kind: string): Promise<readonly MultipartPart[] | undefined> {
  try {
    return [...(await new Response(bytes, { headers: { 'Content-Type': kind } }).formData())] as MultipartPart[];
  } catch {
    return undefined;
  }
}

async function multipart(
  bytes: Uint8Array<ArrayBuffer>,
  kind: string,
  mask: Mask,
  masked: string[],
): Promise<WrittenBody> {
  const parts = await partsOf(bytes, kind);
  const texts = parts?.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
  const form = texts && formOf(texts, mask, masked);
  if (parts === undefined || form === undefined || parts.some(([name]) => name === '')) {
    return { ...none, notes: [`Its form of ${bytes.length} bytes can't be read: a scenario has no place for it.`] };
  }
  const notes: string[] = [];
  const files = new Map<string, unknown[]>();
  for (const [name, value] of parts) {
    if (typeof value === 'string') continue;
    const text = textOf(new Uint8Array(await value.arrayBuffer()));
    const filename = mask.text(value.name).replace(/[\r\n\0]/g, ' ');
    if (text === undefined) {
      notes.push(
        `The file ${JSON.stringify(filename)} is no text: put it beside this file, and name it with \`path\`.`,
      );
    }
    const content = maskedBody(text ?? '', mask, masked);
    const type = value.type === '' || headerValueFault(value.type) !== undefined ? {} : { type: value.type };
    files.set(mask.text(name), [...(files.get(mask.text(name)) ?? []), { content, filename, ...type }]);
  }
  const keys = {
    ...(form.size > 0 && { form }),
    files: new Map([...files].map(([name, all]) => [name, all.length === 1 ? all[0] : all])),
  };
  return { ...none, keys, notes, sends: true };
}
