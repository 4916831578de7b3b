import type { RunnerEvent } from '../../session/events.ts';
import { plainText } from '../../session/piped.ts';
import type { Failure, SourceLine } from '../result/result.ts';

/** What the runner says of the stop that stands. */
export interface Evidence {
  readonly source: readonly (readonly [line: number, text: string])[];
  readonly locals: readonly (readonly [name: string, value: string])[];
  readonly exception: string | null;
  /** Where it stopped outside of the project: the line of the project that led there. */
  readonly own?: { readonly file: string; readonly line: number; readonly source: Evidence['source'] } | null;
}

/** Where the debugger stands. */
export interface Stop {
  /** As the runner counts. */
  readonly number: number;
  readonly reason: string;
  readonly file: string;
  readonly line: number;
  readonly function: string;
  /** The runner's number of the request; undefined outside of one. */
  readonly request: number | undefined;
  readonly evidence: Evidence | undefined;
}

/** A scenario can't go on: `message` says why, complete for a person. */
export class StepFailure extends Error {
  readonly kind: Failure['kind'];
  /** Where the application stood, if it matters. */
  readonly stop: Stop | undefined;
  /** Where it ended, if that is known. */
  readonly at: Failure['at'];

  constructor(kind: Failure['kind'], message: string, stop?: Stop, at?: Failure['at']) {
    super(message);
    this.kind = kind;
    this.stop = stop;
    this.at = at;
  }
}

/** What is known of the application while a scenario runs, and a way to wait for more. */
export interface Stage {
  readonly ready: boolean;
  /** The server has ended, or is about to: nothing more can be asked of its container. */
  readonly over: boolean;
  /** Stops that no step has taken yet, the earliest first. */
  readonly waiting: Stop[];
  /** The prompt that stands; undefined while the application runs. */
  readonly standing: Stop | undefined;
  /** A line is awaited at the prompt. */
  readonly atPrompt: boolean;
  /** What stands before the line that is awaited: "(Pdb) ". */
  readonly promptText: string;
  /** All that the terminal showed, as plain text. */
  readonly text: string;
  /** Where in `text` the output of the line that was read last begins: what stands before it is its echo. */
  readonly read: number;
  /** The first prompt of each stop, and when it came (performance.now()). */
  readonly prompts: readonly { readonly number: number; readonly at: number }[];
  /** Every event, in order. */
  readonly events: readonly RunnerEvent[];
  output(chunk: Buffer): void;
  /** `evidence`: with a `stop`, what was found of it. */
  event(event: RunnerEvent, evidence?: Evidence): void;
  /** The session has ended: nothing more will come. */
  ended(why: string): void;
  /** Something that is no event has changed: a response came. */
  changed(): void;
  /** The next prompt is answered: until the runner says otherwise none stands. */
  answered(): void;
  /** Resolves with what `look` finds, once it finds something; rejects with a StepFailure when nothing can come any more, or `seconds` pass. */
  until<T>(look: () => T | undefined, seconds: number, what: string): Promise<T>;
}

/** An empty stage; `tap` hears the terminal's bytes too. */
export function createStage(tap: (chunk: Buffer) => void = () => undefined): Stage {
  const plain = plainText();
  const watchers = new Set<() => void>();
  const waiting: Stop[] = [];
  const events: RunnerEvent[] = [];
  const prompts: { number: number; at: number }[] = [];
  let text = '';
  let read = 0;
  let ready = false;
  let standing: Stop | undefined;
  let atPrompt = false;
  let promptText = '';
  let over: StepFailure | undefined;

  const changed = (): void => {
    for (const watcher of [...watchers]) watcher();
  };

  const on: Readonly<Record<string, (event: RunnerEvent, evidence?: Evidence) => void>> = {
    ready() {
      ready = true;
    },
    stop(event, evidence) {
      standing = stopOf(event, evidence);
      waiting.push(standing);
    },
    prompt(event) {
      atPrompt = true;
      promptText = String(event.text ?? '');
      const number = Number(event.stop);
      if (prompts.at(-1)?.number !== number) prompts.push({ number, at: performance.now() });
    },
    command({ more }) {
      if (more !== true) read = text.length;
    },
    resume() {
      standing = undefined;
      atPrompt = false;
    },
    crash(event) {
      over = new StepFailure('crash', `The application's process ${howItEnded(event)}`, undefined, placeOf(event));
    },
    exit(event) {
      const what = ready ? 'The server ended' : 'The application did not start: it ended';
      over ??= new StepFailure(
        ready ? 'exit' : 'start',
        `${what} with exit code ${String(event.code)}${reasonOf(event)}`,
        undefined,
        placeOf(event),
      );
    },
  };

  return {
    waiting,
    events,
    prompts,
    get ready() {
      return ready;
    },
    get over() {
      return over !== undefined && over.kind !== 'crash';
    },
    get standing() {
      return standing;
    },
    get atPrompt() {
      return atPrompt;
    },
    get promptText() {
      return promptText;
    },
    get text() {
      return text;
    },
    get read() {
      return read;
    },
    output(chunk) {
      tap(chunk);
      text += plain(chunk);
    },
    event(event, evidence) {
      events.push(event);
      on[event.event]?.(event, evidence);
      changed();
    },
    ended(why) {
      over ??= new StepFailure(ready ? 'exit' : 'start', why);
      changed();
    },
    changed,
    answered() {
      atPrompt = false;
    },
    until(look, seconds, what) {
      return new Promise((resolve, reject) => {
        const watcher = (): void => {
          try {
            const found = look();
            if (found !== undefined) finish(() => resolve(found));
            else if (over !== undefined) throw over;
          } catch (error) {
            finish(() => reject(error));
          }
        };
        const timer = setTimeout(
          () =>
            finish(() => reject(new StepFailure('time', `${what}: nothing within ${Math.round(seconds * 10) / 10} s`))),
          seconds * 1000,
        );
        function finish(act: () => void): void {
          clearTimeout(timer);
          watchers.delete(watcher);
          act();
        }
        watchers.add(watcher);
        watcher();
      });
    },
  };
}

function stopOf(event: RunnerEvent, evidence: Evidence | undefined): Stop {
  const { stop, reason, file, line, function: name, request } = event;
  return {
    number: Number(stop),
    reason: String(reason),
    file: String(file),
    line: Number(line),
    function: String(name),
    request: typeof request === 'number' ? request : undefined,
    evidence,
  };
}

function placeOf({ file, line }: RunnerEvent): Failure['at'] {
  return typeof file === 'string' && typeof line === 'number' ? { file, line } : undefined;
}

function howItEnded({ signal, code, file, line }: RunnerEvent): string {
  const how = typeof signal === 'string' ? `was ended by ${signal}` : `ended with exit code ${String(code)}`;
  return typeof file === 'string' ? `${how} at ${file}:${String(line)}` : how;
}

function reasonOf({ message, file, line }: RunnerEvent): string {
  if (typeof message !== 'string') return '';
  return `: ${typeof file === 'string' ? `${file}:${String(line)}: ` : ''}${message}`;
}

/** The source around a stop, as the runner found it. */
export function sourceOf({ line, evidence }: Stop): readonly SourceLine[] {
  return marked(evidence?.source ?? [], line);
}

/** Where a stop is to be looked into: the nearest line of the project, which need not be the one that it stands at. */
export function ownPlace(stop: Stop): {
  readonly file: string;
  readonly line: number;
  readonly source: readonly SourceLine[];
} {
  const { file, line, evidence } = stop;
  const own = evidence?.own;
  if (own === undefined || own === null) return { file, line, source: sourceOf(stop) };
  return { file: own.file, line: own.line, source: marked(own.source, own.line) };
}

function marked(source: Evidence['source'], line: number): readonly SourceLine[] {
  return source.map(([number, text]) => ({ line: number, text, current: number === line }));
}
