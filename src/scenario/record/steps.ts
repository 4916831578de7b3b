import { lineFault, placeFault } from '../texts.ts';
import { createJar, secretsOfResponse } from './jar.ts';
import type { Happening } from './log.ts';
import { loosen } from './loosen.ts';
import { createMask, isSecretName, type Mask, unfilled } from './mask.ts';
import { type Noted, requestStep, secretsOfRequest } from './request.ts';
import { secretsOfBody } from './request-body.ts';

type Of<K extends Happening['kind']> = Extract<Happening, { readonly kind: K }>;

/** A stop as it grows; its commands are notes and values, too. */
interface Stop {
  readonly head: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  readonly commands: Noted[];
  /** Outputs are compared: not where Ctrl-C came, which is another place each time. */
  readonly compares: boolean;
}

/** A line whose outcome is awaited. */
interface Pending {
  readonly line: string;
  output: string;
  /** It let the program go on. */
  resumed: boolean;
}

/** The commands of a stop, with what is to be said above each. */
export interface StopStep extends Noted {
  readonly commands: readonly Noted[];
}

export type RecordedStep = Noted | StopStep;

/** The mask of a session: the secrets that its requests and responses name, and a person's own patterns. */
export async function maskOf(happenings: readonly Happening[], patterns: readonly RegExp[]): Promise<Mask> {
  const secrets: string[] = [];
  for (const one of happenings) {
    if (one.kind === 'request' && one.record !== undefined) {
      secrets.push(...secretsOfRequest(one.record), ...(await secretsOfBody(one.record)));
    }
    if (one.kind === 'response' && one.record !== undefined) secrets.push(...secretsOfResponse(one.record));
  }
  return createMask(secrets, patterns);
}

/** The steps that do again what happened; `now`: the session's time in milliseconds. */
export async function stepsOf(
  happenings: readonly Happening[],
  mask: Mask,
  now: number,
): Promise<readonly RecordedStep[]> {
  const steps: RecordedStep[] = [];
  const jar = createJar();
  /** What is to be said above the next step. */
  let notes: string[] = [];
  let stop: Stop | undefined;
  let standing = false;
  let pending: Pending | undefined;
  let prompt = '';
  /** `interact` has a prompt of its own, which only Ctrl-D leaves. */
  let interacting = false;
  /** Since when the program has run. */
  let since: number | undefined;
  /** A request was left out: its response is, too. */
  let omitted = false;

  function add(step: RecordedStep): void {
    steps.push({ ...step, notes: [...notes, ...step.notes] });
    notes = [];
  }

  function closeStop(): void {
    settle();
    if (stop !== undefined) {
      add({ value: stop.head, notes: [...stop.notes, ...takeLineNotes()], commands: stop.commands });
    }
    stop = undefined;
  }

  /** Takes the pending line into its stop; `output` undefined: there is nothing to compare. */
  function settle(output?: string): void {
    const taken = pending;
    pending = undefined;
    if (taken === undefined || stop === undefined) return;
    if (/^\S*KeyboardInterrupt/m.test(taken.output)) {
      return void note(`\`${mask.text(taken.line)}\` is left out: Ctrl-C ended it.`);
    }
    if (lineFault(taken.line) !== undefined) {
      return void note("A line is left out: it holds characters that a scenario can't type.");
    }
    stop.commands.push(commandOf(taken, stop.compares ? output : undefined));
  }

  function commandOf({ line }: Pending, output: string | undefined): Noted {
    const run = maskedLine(line, mask);
    const said = run === line ? [] : ['Masked: a part of the line.'];
    if (output === undefined || output.trim() === '') return { value: run, notes: [...takeLineNotes(), ...said] };
    const { expect, why } = loosen(output, mask, now, line);
    const loosened = why.length === 0 ? [] : [`Loosened: ${why.join(', ')}.`];
    return { value: { run, expect }, notes: [...takeLineNotes(), ...said, ...loosened] };
  }

  /** What is to be said above the next command. */
  let lineNotes: string[] = [];
  function takeLineNotes(): readonly string[] {
    const taken = lineNotes;
    lineNotes = [];
    return taken;
  }
  function note(text: string): void {
    lineNotes.push(text);
  }

  const take: { readonly [K in Happening['kind']]: (one: Of<K>) => void | Promise<void> } = {
    async request({ method, path, record, t }) {
      closeStop();
      since = t;
      const known = record ?? { method, target: path, headers: {}, length: 0, body: null };
      const { value, notes: said } = await requestStep(known, mask, jar);
      const lost = record === undefined ? ['Its record could not be read: query, headers and body are missing.'] : [];
      omitted = value === undefined;
      if (omitted) notes.push(...said, ...lost);
      else add({ value: { request: value }, notes: [...said, ...lost] });
    },
    stop(happening) {
      standing = true;
      const goesOn = happening.reason === 'step' && stop !== undefined && pending?.resumed === true;
      if (goesOn) return;
      closeStop();
      if (omitted) return;
      if (happening.reason === 'interrupt') {
        const seconds = Math.min(5, Math.max(0.2, happening.t - (since ?? happening.t)));
        add({
          value: { run: `sleep ${seconds.toFixed(1)}` },
          notes: ['Ctrl-C comes when the request has run for so long.'],
        });
        add({ value: { interrupt: true }, notes: [] });
      }
      stop = stopOf(happening, mask, now);
    },
    prompt({ text }) {
      prompt = text;
      if (pending === undefined) return;
      const { output } = pending;
      settle(text !== '' && output.endsWith(text) ? output.slice(0, -text.length) : output);
    },
    command({ line }) {
      settle();
      if (interacting && prompt.startsWith('(')) interacting = false;
      if (!interacting && line.trim() === 'interact') {
        interacting = true;
        note("`interact` and what was typed there is left out: a scenario types at the debugger's prompt.");
      }
      if (!interacting) pending = { line: line === 'EOF' ? 'q' : line, output: '', resumed: false };
    },
    output({ text }) {
      if (pending !== undefined) pending.output += text;
    },
    resume({ t }) {
      standing = false;
      since = t;
      if (pending !== undefined) pending.resumed = true;
    },
    response({ status, record }) {
      closeStop();
      standing = false;
      if (record !== undefined) jar.keep(record);
      const sent = steps.some(({ value }) => typeof value === 'object' && value !== null && 'request' in value);
      const hasNone = omitted || !sent;
      omitted = false;
      if (hasNone) return;
      add(responseOf(record?.status ?? status, record, mask, now));
    },
    anew({ why }) {
      const edit =
        'The application was loaded anew here, after an edit: a scenario runs the files as they are at its start.';
      const start =
        'The server was started anew here: a scenario does not, and what the application kept in memory stays.';
      notes.push(why === 'edit' ? edit : start);
    },
    crash({ how }) {
      closeStop();
      standing = false;
      notes.push(`The application's process ended here (${how}): a scenario fails at that.`);
    },
  };

  for (const happening of happenings)
    await (take[happening.kind] as (one: Happening) => void | Promise<void>)(happening);
  if (standing && stop !== undefined) {
    settle();
    stop.commands.push({ value: 'q', notes: [...takeLineNotes(), 'The session ended here.'] });
  }
  closeStop();
  if (notes.length > 0 && steps.length > 0) {
    const last = steps.length - 1;
    steps[last] = {
      ...(steps[last] as RecordedStep),
      notes: [...(steps[last]?.notes ?? []), ...notes.map((text) => `Behind this: ${text}`)],
    };
  }
  return steps;
}

const REASONS: ReadonlySet<string> = new Set(['breakpoint', 'exception', 'step']);

function stopOf({ file, line, function: name, reason, exception }: Of<'stop'>, mask: Mask, now: number): Stop {
  if (reason === 'interrupt') {
    const notes = ['Where Ctrl-C comes is another place each time: nothing is compared there.'];
    return { head: { reason }, notes, commands: [], compares: false };
  }
  const place = `${mask.text(file)}:${line}`;
  // A long path was cut at its beginning.
  const isPlace = !file.startsWith('…') && placeFault(unfilled(place)) === undefined;
  const where = isPlace ? { at: place } : name === '' ? {} : { function: mask.text(name) };
  const head = { ...where, ...(REASONS.has(reason) && { reason }) };
  if (exception === undefined || exception.trim() === '') return { head, notes: [], commands: [], compares: true };
  const { expect, why } = loosen(exception, mask, now);
  const notes = why.length === 0 ? [] : [`Loosened in the exception: ${why.join(', ')}.`];
  return { head: { ...head, exception: expect }, notes, commands: [], compares: true };
}

function responseOf(status: number, record: Of<'response'>['record'], mask: Mask, now: number): Noted {
  const complete = record?.complete ?? true;
  const location = record?.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  const fit = status >= 100 && status < 600 ? { status } : {};
  if (complete && (location === undefined || location === '')) {
    return { value: { response: 'status' in fit ? status : { complete: true } }, notes: [] };
  }
  if (location === undefined || location === '') return { value: { response: { ...fit, complete } }, notes: [] };
  const { expect, why } = loosen(location, mask, now);
  const notes = why.length === 0 ? [] : [`Loosened: ${why.join(', ')}.`];
  return { value: { response: { ...fit, headers: { Location: expect }, ...(!complete && { complete }) } }, notes };
}

/** A line may assign to what is named like a secret. */
function maskedLine(line: string, mask: Mask): string {
  const byName = line.replace(
    /([\w]+)(["']?\]?\s*[=:]\s*)(["'])([^"']{2,})\3/g,
    (all, name: string, between: string, quote: string) =>
      isSecretName(name) ? `${name}${between}${quote}MASKED${quote}` : all,
  );
  return mask.text(byName);
}
