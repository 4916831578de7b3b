import { stripVTControlCharacters } from 'node:util';

/** Half of a surrogate pair has no UTF-8. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** Without escape sequences and control characters but tabs and line ends: what every format can hold. */
export const printable = (text: string): string =>
  wellFormed(stripVTControlCharacters(text)).replace(/[\0-\x08\x0b-\x1f\x7f\ufffe\uffff]/g, '');

export const oneLine = (text: string): string => printable(text).replace(/\s+/g, ' ').trim();

export const shortened = (text: string, limit: number): string =>
  text.length <= limit ? text : `${wellFormed(text.slice(0, limit - 1))}…`;
