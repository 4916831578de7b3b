import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { demultiplex } from './demux.ts';
import type { CommandSession } from './engine.ts';

/** What a command prints: on a terminal one stream, else two, which the engine sends in one. */
export type Outputs = Pick<CommandSession, 'stdout' | 'stderr'>;

/** The outputs of a command whose connection is `stream`. */
export function outputs(stream: Readable, tty: boolean): Outputs {
  return tty ? { stdout: stream, stderr: undefined } : demultiplex(stream);
}

/** Resolves once all has been read. */
export async function ended({ stdout, stderr }: Outputs): Promise<void> {
  await Promise.all([stdout, stderr].map((one) => one && !one.readableEnded && finished(one, { writable: false })));
}
