import { wellFormed } from './text.ts';

/** HTML that is safe as it stands: made by `html`, which escapes every text that is put into it. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | undefined | false | readonly Part[];

/** Each value is escaped, unless it is HTML already; undefined and false leave nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return { html: strings.reduce((all, string, index) => `${all}${rendered(values[index - 1])}${string}`) };
}

export const join = (parts: readonly Html[]): Html => ({ html: parts.map((part) => part.html).join('') });

/** For texts of our own only: nothing is escaped. */
export const trusted = (text: string): Html => ({ html: text });

function rendered(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(rendered).join('');
}

const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What would be invisible, or turn the text around it, is shown by its code. */
const unseen = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]/g;

function escaped(text: string): string {
  return wellFormed(text)
    .replace(/[&<>"']/g, (character) => named[character] ?? '')
    .replace(unseen, (character) => {
      const code = character.charCodeAt(0).toString(16);
      return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
    });
}
