import { placeFault } from '../texts.ts';
import { createJar, type Jar } from './jar.ts';
import type { Happening } from './log.ts';
import { loosen } from './loosen.ts';
import { createMask, type Mask, unfilled } from './mask.ts';
import { type Noted, requestStep, secretsOfRequest } from './request.ts';
import { secretsOfBody } from './request-body.ts';
import { createScript, type RecordedStep, type Script } from './script.ts';
import { maskedLocation, secretsOfResponse, secretsOfText } from './secrets.ts';
import { createTalk, type Stop, type Talk } from './talk.ts';

type Of<K extends Happening['kind']> = Extract<Happening, { readonly kind: K }>;

/** The mask of a session: the `known` secrets, those that its requests, responses and lines name, and a person's own patterns. */
export async function maskOf(
  happenings: readonly Happening[],
  known: readonly string[],
  patterns: readonly RegExp[],
): Promise<Mask> {
  const secrets = [...known];
  for (const one of happenings) {
    if (one.kind === 'request' && one.record !== undefined) {
      secrets.push(...secretsOfRequest(one.record), ...(await secretsOfBody(one.record)));
    }
    if (one.kind === 'response' && one.record !== undefined) secrets.push(...secretsOfResponse(one.record));
    if (one.kind === 'command') secrets.push(...secretsOfText(one.line));
    if (one.kind === 'output') secrets.push(...secretsOfText(one.text));
  }
  return createMask(secrets, patterns);
}

/** What is known while a session is gone through. */
interface Course {
  readonly mask: Mask;
  /** The session's time in milliseconds. */
  readonly now: number;
  readonly script: Script;
  readonly talk: Talk;
  readonly jar: Jar;
  standing: boolean;
  /** Since when the program has run. */
  since: number | undefined;
  /** A request was left out: its response is, too. */
  omitted: boolean;
}

/** The steps that do again what happened; `now`: the session's time in milliseconds. */
export async function stepsOf(
  happenings: readonly Happening[],
  mask: Mask,
  now: number,
): Promise<readonly RecordedStep[]> {
  const [script, talk, jar] = [createScript(), createTalk(mask, now), createJar()];
  const course: Course = { mask, now, script, talk, jar, standing: false, since: undefined, omitted: false };
  for (const happening of happenings) await take(course, happening);
  endStop(course, course.standing);
  return script.finished();
}

async function take(course: Course, happening: Happening): Promise<void> {
  const { talk, script } = course;
  switch (happening.kind) {
    case 'request':
      return await takeRequest(course, happening);
    case 'stop':
      return takeStop(course, happening);
    case 'prompt':
      return talk.prompted(happening.text);
    case 'command':
      return talk.typed(happening.line);
    case 'output':
      return talk.printed(happening.text);
    case 'resume':
      course.standing = false;
      course.since = happening.t;
      return talk.resumed();
    case 'response':
      return takeResponse(course, happening);
    case 'anew':
      return script.note(ANEW[happening.why]);
    case 'crash':
      endStop(course);
      course.standing = false;
      return script.note(`The application's process ended here (${happening.how}): a scenario fails at that.`);
  }
}

const ANEW = {
  edit: 'The application was loaded anew here, after an edit: a scenario runs the files as they are at its start.',
  start: 'The server was started anew here: a scenario does not, and what the application kept in memory stays.',
};

/** `leaves`: the session ended at its prompt. */
function endStop({ talk, script }: Course, leaves = false): void {
  const step = talk.end(leaves);
  if (step !== undefined) script.add(step);
}

async function takeRequest(course: Course, { method, path, record, t }: Of<'request'>): Promise<void> {
  endStop(course);
  course.since = t;
  const known = record ?? { method, target: path, headers: {}, length: 0, body: null };
  const { value, notes } = await requestStep(known, course.mask, course.jar);
  const lost = record === undefined ? ['Its record could not be read: query, headers and body are missing.'] : [];
  course.omitted = value === undefined;
  if (course.omitted) course.script.note(...notes, ...lost);
  else course.script.add({ value: { request: value }, notes: [...notes, ...lost] });
}

function takeStop(course: Course, stop: Of<'stop'>): void {
  const { mask, now, talk, script, since = stop.t } = course;
  course.standing = true;
  if (stop.reason === 'step' && talk.steps()) return;
  endStop(course);
  if (stop.from === 'before' && !course.omitted) {
    course.omitted = true;
    script.note('Stops of a request that came before the recording are left out.');
  }
  if (course.omitted) return;
  if (stop.reason === 'interrupt') {
    const seconds = Math.min(5, Math.max(0.2, stop.t - since));
    script.add({
      value: { run: `sleep ${seconds.toFixed(1)}` },
      notes: ['Ctrl-C comes when the request has run for so long.'],
    });
    script.add({ value: { interrupt: true }, notes: [] });
  }
  talk.begin(stopOf(stop, mask, now));
}

function takeResponse(course: Course, { status, record }: Of<'response'>): void {
  const { mask, now, jar, script } = course;
  endStop(course);
  course.standing = false;
  if (record !== undefined) jar.keep(record);
  if (!course.omitted && script.sent()) script.add(responseOf(record?.status ?? status, record, mask, now));
  course.omitted = false;
}

const REASONS: ReadonlySet<string> = new Set(['breakpoint', 'exception', 'step']);

function stopOf({ file, line, function: name, reason, exception }: Of<'stop'>, mask: Mask, now: number): Stop {
  if (reason === 'interrupt') {
    const notes = ['Where Ctrl-C comes is another place each time: nothing is compared there.'];
    return { head: { reason }, notes, compares: false };
  }
  const place = `${file}:${line}`;
  // A long path was cut at its beginning; a masked one would be no place.
  const isPlace = !file.startsWith('…') && mask.text(file) === file && placeFault(unfilled(place)) === undefined;
  const where = isPlace ? { at: place } : name === '' ? {} : { function: mask.text(name) };
  const head = { ...where, ...(REASONS.has(reason) && { reason }) };
  if (exception === undefined || exception.trim() === '') return { head, notes: [], compares: true };
  const { expect, why } = loosen(exception, mask, now);
  const notes = why.length === 0 ? [] : [`Loosened in the exception: ${why.join(', ')}.`];
  return { head: { ...head, exception: expect }, notes, compares: true };
}

function responseOf(status: number, record: Of<'response'>['record'], mask: Mask, now: number): Noted {
  const complete = record?.complete ?? true;
  const location = record?.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  const fit = status >= 100 && status < 600 ? { status } : {};
  if (complete && (location === undefined || location === '')) {
    return { value: { response: 'status' in fit ? status : { complete: true } }, notes: [] };
  }
  if (location === undefined || location === '') return { value: { response: { ...fit, complete } }, notes: [] };
  const { expect, why } = loosen(maskedLocation(location), mask, now);
  const notes = why.length === 0 ? [] : [`Loosened: ${why.join(', ')}.`];
  return { value: { response: { ...fit, headers: { Location: expect }, ...(!complete && { complete }) } }, notes };
}
