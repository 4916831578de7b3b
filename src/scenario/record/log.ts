import type { EventSink, RunnerEvent } from '../../session/events.ts';
import { plainText } from '../../session/piped.ts';

/** A request as the runner left it in the state directory. */
export interface RecordedRequest {
  readonly method: string;
  /** As it came over the wire: the path with its query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the body, in bytes. */
  readonly length: number;
  /** Base64; null: too long, or it did not come whole. */
  readonly body: string | null;
  readonly response?: RecordedResponse;
}

export interface RecordedResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** false: it broke off in the midst of its body. */
  readonly complete: boolean;
}

/** What happened in a session, in its order, as far as a scenario tells of it. `t`: seconds. */
export type Happening =
  | {
      readonly kind: 'request';
      readonly t: number;
      readonly method: string;
      /** Without its query, perhaps cut: for a request whose record can't be read. */
      readonly path: string;
      readonly record: RecordedRequest | undefined;
    }
  | {
      readonly kind: 'stop';
      readonly t: number;
      readonly file: string;
      readonly line: number;
      readonly function: string;
      readonly reason: string;
      readonly exception: string | undefined;
      /** Its request came before the recording began. */
      readonly from: 'before' | 'session';
    }
  | { readonly kind: 'prompt'; readonly t: number; readonly text: string }
  | { readonly kind: 'command'; readonly t: number; readonly line: string }
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'resume'; readonly t: number }
  | {
      readonly kind: 'response';
      readonly t: number;
      readonly status: number;
      readonly record: RecordedResponse | undefined;
    }
  | { readonly kind: 'anew'; readonly why: 'edit' | 'start' }
  | { readonly kind: 'crash'; readonly how: string };

/** Reads what the runner left beside an event: the record of its request, or the exception of its stop. */
export interface Beside {
  record(name: string): RecordedRequest | undefined;
  exception(): string | undefined;
}

/** So much of a command's output is kept: characters. What is longer is compared by its beginning only. */
const KEPT = 100_000;

/** Writes down what a session's terminal tells. */
export function createLog(beside: Beside): EventSink & { readonly happenings: readonly Happening[] } {
  const happenings: Happening[] = [];
  const plain = plainText();
  let line = '';
  let output: string | undefined;
  let ready = false;
  const requests = new Set<unknown>();

  /** What was printed since the last happening, where it is a command's. */
  function takeOutput(): void {
    if (output) happenings.push({ kind: 'output', text: output });
    if (output !== undefined) output = '';
  }

  const on: Readonly<Record<string, (event: RunnerEvent) => Happening | undefined>> = {
    ready() {
      const again = ready;
      ready = true;
      return again ? { kind: 'anew', why: 'start' } : undefined;
    },
    request({ t, id, method, path, record }) {
      requests.add(id);
      return {
        kind: 'request',
        t,
        method: String(method),
        path: String(path),
        record: typeof record === 'string' ? beside.record(record) : undefined,
      };
    },
    stop: ({ t, file, line: at, function: name, reason, request }) => ({
      kind: 'stop',
      t,
      file: String(file),
      line: Number(at),
      function: String(name),
      reason: String(reason),
      exception: reason === 'exception' ? beside.exception() : undefined,
      from: typeof request === 'number' && !requests.has(request) ? 'before' : 'session',
    }),
    prompt: ({ t, text }) => ({ kind: 'prompt', t, text: String(text ?? '') }),
    command({ t, text, more }) {
      line += String(text);
      if (more === true) return undefined;
      const whole = line;
      line = '';
      return { kind: 'command', t, line: whole };
    },
    resume: ({ t }) => ({ kind: 'resume', t }),
    response: ({ t, status, record }) => ({
      kind: 'response',
      t,
      status: Number(status),
      record: typeof record === 'string' ? beside.record(record)?.response : undefined,
    }),
    reload: () => ({ kind: 'anew', why: 'edit' }),
    crash: ({ signal, code }) => ({
      kind: 'crash',
      how: typeof signal === 'string' ? signal : `exit code ${String(code)}`,
    }),
  };

  return {
    happenings,
    data(chunk) {
      const text = plain(chunk);
      if (output !== undefined && output.length < KEPT) output += text.slice(0, KEPT - output.length);
    },
    event(event) {
      const happening = on[event.event]?.(event);
      if (happening === undefined) return;
      takeOutput();
      happenings.push(happening);
      if (happening.kind === 'command') output = '';
      if (happening.kind === 'prompt' || happening.kind === 'response') output = undefined;
    },
  };
}
