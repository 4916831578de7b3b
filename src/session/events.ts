/** What the runner says between the program's bytes; docs/events.md describes each. */
export interface RunnerEvent {
  readonly event: string;
  /** "server": the supervisor; "app": the application's process. Each counts its own `seq`. */
  readonly src: 'server' | 'app';
  readonly seq: number;
  /** Seconds of the container's monotonic clock. */
  readonly t: number;
  readonly [field: string]: unknown;
}

/** Where the two kinds of bytes go. */
export interface EventSink {
  data(chunk: Buffer): void;
  event(event: RunnerEvent): void;
}

export interface EventFilter {
  push(chunk: Buffer): void;
  /** The stream ended: what looked like the beginning of an event was none. */
  end(): void;
}

/** No event is longer (the runner's own limit is 500 bytes): what is, was printed by the application. */
const MAXIMUM_EVENT = 512;
const BEL = 0x07;

/**
 * Splits a terminal's byte stream into the program's bytes and the runner's events, each in its order.
 * A sequence without this container's nonce, or one that is malformed, is the program's: it passes through unchanged.
 */
export function eventFilter(nonce: string, sink: EventSink): EventFilter {
  const marker = Buffer.from(`\x1b]7117;${nonce};`, 'latin1');
  let held: Buffer | undefined;

  function push(chunk: Buffer): void {
    let rest = held === undefined ? chunk : Buffer.concat([held, chunk]);
    held = undefined;
    for (;;) {
      const start = rest.indexOf(marker);
      if (start < 0) {
        pass(rest, rest.length - partialMarker(rest));
        return;
      }
      const bodyStart = start + marker.length;
      const end = rest.indexOf(BEL, bodyStart);
      if (end < 0 && rest.length - start <= MAXIMUM_EVENT) {
        pass(rest, start);
        return;
      }
      const event = end < 0 || end - start > MAXIMUM_EVENT ? undefined : decode(rest.subarray(bodyStart, end));
      if (event === undefined) {
        emit(rest.subarray(0, bodyStart));
        rest = rest.subarray(bodyStart);
        continue;
      }
      emit(rest.subarray(0, start));
      sink.event(event);
      rest = rest.subarray(end + 1);
    }
  }

  /** Gives out the first `length` bytes and keeps the rest until more comes. */
  function pass(bytes: Buffer, length: number): void {
    emit(bytes.subarray(0, length));
    if (length < bytes.length) held = bytes.subarray(length);
  }

  function emit(bytes: Buffer): void {
    if (bytes.length > 0) sink.data(bytes);
  }

  /** How many bytes at the end of `bytes` may be the beginning of a marker. */
  function partialMarker(bytes: Buffer): number {
    const at = bytes.lastIndexOf(marker[0] ?? 0);
    const length = bytes.length - at;
    if (at < 0 || length >= marker.length) return 0;
    return marker.compare(bytes, at, bytes.length, 0, length) === 0 ? length : 0;
  }

  function end(): void {
    const rest = held;
    held = undefined;
    if (rest !== undefined) emit(rest);
  }

  return { push, end };
}

function decode(body: Buffer): RunnerEvent | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body.toString('latin1'), 'base64url').toString('utf8'));
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is RunnerEvent {
  return typeof value === 'object' && value !== null && typeof (value as { event?: unknown }).event === 'string';
}
