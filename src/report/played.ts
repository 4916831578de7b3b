import type { Recording } from '../scenario/result/result.ts';
import { transcript } from './transcript.ts';

/** The smallest screen that is shown, and the rows that fit a page. */
const LEAST = { columns: 80, rows: 16 };
const MOST_ROWS = 32;

/** What moves the cursor to a place on the screen: what depends on its size. */
const ADDRESSED = /\x1b\[[\d;]*[HfABGd]/;

/**
 * The recording as a page plays it, so that its letters are as large as they can be: on a screen no wider than its
 * longest line. A program that drew on the whole screen keeps it.
 */
export function fitted(recording: Recording): Recording {
  if (recording.output.some(({ text }) => ADDRESSED.test(text))) return recording;
  const lines = transcript(recording, []).split('\n');
  const longest = lines.reduce((most, line) => Math.max(most, width(line)), 0);
  const columns = Math.min(recording.columns, Math.max(LEAST.columns, longest + 2));
  const rows = Math.min(recording.rows, MOST_ROWS, Math.max(LEAST.rows, lines.length + 1));
  return { ...recording, columns, rows };
}

/** At most: characters outside of Latin letters may take two columns, a tab eight. */
function width(line: string): number {
  return [...line].reduce((sum, character) => sum + (character === '\t' ? 8 : character < '\u1100' ? 1 : 2), 0);
}

/** The end of a recording, at most `limit` characters of it, from its own start on. */
export function tail(recording: Recording, limit: number): Recording {
  let from = recording.output.length;
  for (let left = limit; from > 0; from -= 1) {
    left -= recording.output[from - 1]?.text.length ?? 0;
    if (left < 0) break;
  }
  if (from === 0) return recording;
  const start = recording.output[from]?.at ?? 0;
  const since = <T extends { readonly at: number }>(entries: readonly T[]): readonly T[] =>
    entries.filter(({ at }) => at >= start).map((entry) => ({ ...entry, at: entry.at - start }));
  return { ...recording, output: since(recording.output.slice(from)), stops: since(recording.stops ?? []) };
}
