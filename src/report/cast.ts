import type { Recording, ScenarioResult } from '../scenario/result/result.ts';
import { wellFormed } from './text.ts';
import { title } from './words.ts';

/** An event of asciicast v2: seconds since the start, its code (o: output, m: marker) and its text. */
type CastEvent = readonly [at: number, code: 'o' | 'm', text: string];

/** session.cast: the recording as asciicast v2 (a header, then an event a line), each stop a marker. */
export function cast(recording: Recording, result: ScenarioResult): string {
  const header = {
    version: 2,
    width: recording.columns,
    height: recording.rows,
    timestamp: Math.floor(Date.parse(result.timings.started) / 1000),
    title: title(result),
    env: { TERM: 'xterm-256color' },
  };
  return [header, ...events(recording, result)].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function events({ output, stops = [] }: Recording, result: ScenarioResult): readonly CastEvent[] {
  const printed = output.map(({ at, text }): CastEvent => [seconds(at), 'o', wellFormed(text)]);
  const markers = stops.map(({ at, number }): CastEvent => [seconds(at), 'm', label(number, result)]);
  // Players take the events in the order of their times: what was printed up to a stop comes before its marker.
  return [...printed, ...markers].toSorted(([a], [b]) => a - b);
}

function label(number: number, { stops }: ScenarioResult): string {
  const stop = stops.find((one) => one.number === number);
  return stop === undefined ? `Stop ${number}` : `Stop ${number}: ${stop.file}:${stop.line}`;
}

const seconds = (at: number): number => Number(Math.max(0, at).toFixed(6));
