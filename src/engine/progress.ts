import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { field } from './fault.ts';
import { TRACE_ID } from './trace.ts';

/** One message of a build, a pull or an import: the engine sends them as lines of JSON. */
export interface ProgressMessage {
  readonly stream: string | undefined;
  readonly status: string | undefined;
  readonly id: string | undefined;
  /** What BuildKit says of a build: see trace.ts. */
  readonly trace: string | undefined;
  /** A bar that is redrawn: of no use in a log. */
  readonly redraws: boolean;
  readonly error:
    | { readonly text: string /** Of the command that failed. */; readonly exitCode: number | undefined }
    | undefined;
}

/** The messages of `stream`, as they come; a line that is none is skipped. Throws what the stream throws. */
export async function* progressMessages(stream: Readable): AsyncGenerator<ProgressMessage> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = parse(line);
      if (message !== undefined) yield message;
    }
  }
  const last = parse(rest);
  if (last !== undefined) yield last;
}

function parse(line: string): ProgressMessage | undefined {
  if (line.trim() === '') {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const error = textOf(value, 'error');
  const code = field(field(value, 'errorDetail'), 'code');
  return {
    stream: textOf(value, 'stream'),
    status: textOf(value, 'status'),
    id: textOf(value, 'id'),
    trace: field(value, 'id') === TRACE_ID ? textOf(value, 'aux') : undefined,
    redraws: field(value, 'progress') !== undefined,
    error: error === undefined ? undefined : { text: error, exitCode: typeof code === 'number' ? code : undefined },
  };
}

function textOf(value: unknown, key: string): string | undefined {
  const text = field(value, key);
  return typeof text === 'string' ? text : undefined;
}

/** Cuts pieces of output into lines fit for a log: no escape sequences, and of a redrawn line what it showed last. */
export function lineCutter(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = '';
  const emit = (line: string): void => {
    const clean = stripVTControlCharacters(line.replace(/\r+$/, '').replace(/^.*\r/s, '')).trimEnd();
    if (clean !== '') onLine(clean);
  };
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(emit);
    },
    end() {
      emit(rest);
      rest = '';
    },
  };
}
