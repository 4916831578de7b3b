import { MASKED } from '../../passwords.ts';
import type { RecordedResponse } from './log.ts';

/** What a request's Cookie header says beside the cookies that a scenario keeps by itself. */
export interface SentCookies {
  /** Those that no response of the session has set, masked. */
  readonly own: Readonly<Record<string, string>>;
  /** false: it sent none of those that were set, as another visitor does. */
  readonly keeps: boolean;
}

/** The cookies that responses have set so far. */
export interface Jar {
  sent(header: string | undefined, path: string): SentCookies;
  keep(response: RecordedResponse): void;
}

/** An empty jar. */
export function createJar(): Jar {
  const kept = new Map<string, { readonly path: string }>();
  return {
    sent(header, path) {
      const names = (header ?? '')
        .split(';')
        .map((one) => one.trim())
        .filter((one) => /^[\w!#$%&'*+.^`|~-]+=/.test(one))
        .map((one) => one.slice(0, one.indexOf('=')));
      const here = [...kept].filter(([, cookie]) => path.startsWith(cookie.path)).map(([name]) => name);
      const own = names.filter((name) => !here.includes(name)).map((name) => [name, MASKED]);
      return { own: Object.fromEntries(own), keeps: here.length === 0 || here.some((name) => names.includes(name)) };
    },
    keep({ headers }) {
      for (const [header, text] of headers) {
        if (header.toLowerCase() !== 'set-cookie') continue;
        const [pair = '', ...attributes] = text.split(';').map((one) => one.trim());
        const name = pair.slice(0, pair.indexOf('='));
        const gone = attributes.some((one) => /^max-age=(?:0|-\d+)$/i.test(one) || isPast(one));
        if (gone) kept.delete(name);
        else kept.set(name, { path: attributes.find((one) => /^path=\//i.test(one))?.slice(5) ?? '/' });
      }
    },
  };
}

/** The values of cookies that a response sets. */
export function cookiesOfResponse({ headers }: RecordedResponse): readonly string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .map(([, text]) => text.slice(text.indexOf('=') + 1).split(';')[0] ?? '')
    .flatMap((value) => [value, value.replace(/^"|"$/g, '')]);
}

function isPast(attribute: string): boolean {
  const [, date = ''] = /^expires=(.*)$/i.exec(attribute) ?? [];
  return Date.parse(date) < Date.now();
}
