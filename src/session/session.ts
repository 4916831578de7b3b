import type { Duplex } from 'node:stream';
import type { Engine, TerminalSize } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';
import { type EventSink, eventFilter, type RunnerEvent } from './events.ts';
import { redraw } from './redraw.ts';

/** Why a session ended. `closed`: the container's terminal ended, and with it the server, or the engine went away. */
export type Ending = 'ready' | 'detached' | 'finished' | 'closed' | 'interrupted' | 'terminated';

/** One way of using a session: at a terminal, with piped lines, or only waiting for `ready`. */
export interface Driver extends EventSink {
  /** The stream is open and nothing has been started or ordered yet. */
  open(link: Link): void;
  /** Resolves when this driver wants to leave. */
  readonly left: Promise<Ending>;
  /** The container runs: its terminal can be given a size. */
  started(): void;
  /** The server answers. */
  ready(): void;
  /** Gives everything back; called once, on every way out. */
  close(): void;
}

/** What a driver may do to the container. */
export interface Link {
  send(bytes: Buffer | string): void;
  resize(size: TerminalSize): void;
  /** Stops reading until the returned function is called: the reader is slower than the program. */
  hold(): () => void;
}

export interface SessionRequest {
  readonly engine: Engine;
  readonly container: string;
  readonly nonce: string;
  readonly driver: Driver;
  /** Starts the container or gives the order, once the stream is open: nothing that it prints is missed. */
  begin(): Promise<void>;
  /** The answer to SIGUSR2 is awaited before anything is shown. */
  readonly redraw: boolean;
  /** The order whose `ready` ends the start; undefined when the server runs already. */
  readonly order: string | undefined;
  /** Seconds to wait for that. */
  readonly startLimit: number;
  /** The server answers: what only its start needed can be let go. */
  onReady?(): void;
}

export interface SessionResult {
  readonly ending: Ending;
  /** The runner's last word, when it had one. */
  readonly exit: RunnerEvent | undefined;
  readonly ready: boolean;
}

/**
 * One attachment to a container's terminal, from the open stream to the way out, in the order that avoids the races:
 * attach, listen, start or order, size, pump, drain. Rejects with a Fault of the engine, or with code 124 when `ready`
 * doesn't come in time.
 */
export async function runSession(request: SessionRequest): Promise<SessionResult> {
  const { engine, container, driver } = request;
  const stream = await engine.attach(container);
  let exit: RunnerEvent | undefined;
  let ready = request.order === undefined;
  let becameReady: () => void = () => undefined;
  const untilReady = new Promise<undefined>((resolve) => {
    becameReady = () => resolve(undefined);
  });
  const limit = startLimit(request);
  if (ready) {
    becameReady();
    limit.lift();
  }

  const shown = redraw(request.redraw, driver);
  const filter = eventFilter(request.nonce, {
    data: shown.data,
    event(event) {
      if (event.event === 'exit') exit = event;
      if (event.event === 'ready' && event.order === request.order) {
        ready = true;
        limit.lift();
        // At once: what follows in the same chunk is shown behind it.
        driver.ready();
        becameReady();
      }
      // A migration takes as long as it takes; the application has its time for itself.
      if (event.event === 'hook' && event.code === undefined) limit.lift();
      else if (event.event === 'hook') limit.renew();
      // At a prompt while the application loads, a person takes the time that it takes.
      if (event.event === 'stop') limit.lift();
      shown.event(event);
    },
  });
  const closed = pump(stream, filter.push);
  try {
    driver.open(link(engine, container, stream));
    // One that runs already is ready before its terminal is drawn anew.
    if (request.order === undefined) driver.ready();
    void untilReady.then(request.onReady);
    await request.begin();
    driver.started();
    const ending = await Promise.race([closed, driver.left, limit.passed]);
    return { ending, exit, ready };
  } finally {
    limit.lift();
    filter.end();
    shown.close();
    driver.close();
    stream.destroy();
  }
}

/** Resolves when the stream has ended, however it did: the container's own state tells why. */
function pump(stream: Duplex, push: (chunk: Buffer) => void): Promise<Ending> {
  return new Promise((resolve) => {
    stream.on('data', push);
    for (const last of ['end', 'close', 'error']) stream.on(last, () => resolve('closed'));
  });
}

function link(engine: Engine, container: string, stream: Duplex): Link {
  return {
    send: (bytes) => void (stream.writable && stream.write(bytes)),
    resize: resizer(engine, container),
    hold() {
      stream.pause();
      return () => void stream.resume();
    },
  };
}

/** Tells sizes one after the other, and of those that came meanwhile the last: sent at once, one could overtake it. */
function resizer(engine: Engine, container: string): (size: TerminalSize) => void {
  let wanted: TerminalSize | undefined;
  let telling = false;
  async function tell(): Promise<void> {
    telling = true;
    while (wanted !== undefined) {
      const size = wanted;
      wanted = undefined;
      // A container that is just ending can't be resized, and needn't be.
      await engine.resize(container, size).catch(() => undefined);
    }
    telling = false;
  }
  return (size) => {
    wanted = size;
    if (!telling) void tell();
  };
}

/** A limit to the start, in the time that the application has before `ready`. */
function startLimit({ startLimit: seconds, container }: SessionRequest): {
  readonly passed: Promise<never>;
  lift(): void;
  /** From now on, once more. */
  renew(): void;
} {
  let timer: NodeJS.Timeout | undefined;
  let pass: (fault: Fault) => void = () => undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    pass = reject;
  });
  const lift = (): void => clearTimeout(timer);
  const renew = (): void => {
    lift();
    timer = setTimeout(() => pass(tooLate(container, seconds)), seconds * 1000);
  };
  renew();
  // It may pass when nobody listens any more.
  passed.catch(() => undefined);
  return { passed, lift, renew };
}

function tooLate(container: string, seconds: number): Fault {
  return new Fault(`The application was not ready within ${seconds} s (container ${container.slice(0, 12)})`, {
    code: ExitCode.timeout,
    hint: 'See what it does at its start, or give it longer with --wait-timeout SECONDS.',
  });
}
