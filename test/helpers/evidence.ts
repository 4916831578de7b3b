import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one scenario has left in `directory`, as texts, less its timings: equal wherever and however often it ran. */
export function leftIn(directory: string): { readonly transcript: string; readonly result: string } {
  const read = (file: string): string => readFileSync(join(directory, file), 'utf8');
  const { timings: _timings, ...result } = JSON.parse(read('result.json'));
  return { transcript: read('transcript.txt'), result: JSON.stringify(result) };
}
