import { listed } from '../../config/parsers.ts';
import { didYouMean } from '../../config/problems.ts';
import type { KeyPath } from '../../config/yaml.ts';
import { type Finding, listIn, mapIn } from './raw.ts';

export const stepKinds = ['request', 'stop', 'commands', 'resume', 'interrupt', 'response', 'run'] as const;

type LineOf = (path: KeyPath) => number;

/** Finds steps that can't follow one another, and requests that are named but not there. `raw` may be faulty anywhere. */
export function orderFindings(raw: unknown, lineOf: LineOf): readonly Finding[] {
  const { steps, each } = mapIn(raw);
  const known = namesOf(listIn(steps));
  const course: Course = { lineOf, known, names: new Map(), requests: 0, standing: undefined };
  const inSteps = listIn(steps).flatMap((step, index) => [...shape(step, index), ...follow(course, step, index)]);
  return [...rowFindings(listIn(each)), ...inSteps];
}

/** The requests' names and the path of each. */
function namesOf(steps: readonly unknown[]): ReadonlyMap<string, KeyPath> {
  const named = steps.flatMap((step, index) => {
    const { name } = mapIn(mapIn(step).request);
    return typeof name === 'string' ? [[name, ['steps', index, 'request', 'name']] as const] : [];
  });
  return new Map(named.toReversed());
}

/** A step is one key. */
function shape(step: unknown, index: number): readonly Finding[] {
  if (typeof step !== 'object' || step === null || Array.isArray(step)) return [];
  const keys = Object.keys(step);
  if (keys.length === 0) return [{ path: ['steps', index], of: 'value', message: `expected ${listed(stepKinds)}` }];
  const kinds = keys.filter(isKind);
  return kinds.slice(1).map((kind) => {
    const message = `\`${kind}\` is a step of its own, beside \`${kinds[0]}\`: begin it with \`- ${kind}:\``;
    return { path: ['steps', index, kind], of: 'key', message };
  });
}

function isKind(key: string): boolean {
  return stepKinds.some((kind) => kind === key);
}

/** What is known at a step of the steps before it. */
interface Course {
  readonly lineOf: LineOf;
  readonly known: ReadonlyMap<string, KeyPath>;
  /** Of the requests that were sent. */
  readonly names: Map<string, KeyPath>;
  requests: number;
  /** A stop that was stayed at; `sure`: nothing since can have let it go on. */
  standing: { readonly path: KeyPath; sure: boolean } | undefined;
}

function follow(course: Course, step: unknown, index: number): readonly Finding[] {
  return Object.entries(mapIn(step)).flatMap(([kind, body]) => {
    const path = ['steps', index, kind];
    if (kind === 'request') return request(course, body, path);
    if (kind === 'stop') return stop(course, body, path);
    if (kind === 'commands' || kind === 'resume') return atPrompt(course, kind, path);
    if (kind === 'response') return response(course, body, path);
    // A misspelt `request` is one all the same.
    if (!isKind(kind)) course.requests++;
    return [];
  });
}

function request(course: Course, body: unknown, path: KeyPath): readonly Finding[] {
  course.requests++;
  const { name } = mapIn(body);
  if (typeof name !== 'string') return [];
  const at = [...path, 'name'];
  const first = course.names.get(name);
  if (first === undefined) {
    course.names.set(name, at);
    return [];
  }
  const message = `a request is named ${name} already, on line ${course.lineOf(first)}`;
  return [{ path: at, of: 'value', message }];
}

function stop(course: Course, body: unknown, path: KeyPath): readonly Finding[] {
  const { of, stay } = mapIn(body);
  // `stay: yes` is a fault that is told anyhow: what follows is not to blame.
  course.standing = stay === undefined || stay === false ? undefined : { path: [...path, 'stay'], sure: stay === true };
  return unknownRequest(course, of, path);
}

function atPrompt(course: Course, kind: string, path: KeyPath): readonly Finding[] {
  const { standing } = course;
  if (kind === 'resume') course.standing = undefined;
  if (standing === undefined) {
    const message = `\`${kind}\` needs a prompt: the \`stop\` before it goes on by itself unless it has \`stay: true\``;
    return [{ path, of: 'key', message }];
  }
  // A command may well be `continue`.
  standing.sure = false;
  return [];
}

function response(course: Course, body: unknown, path: KeyPath): readonly Finding[] {
  const { standing, requests, lineOf } = course;
  if (requests === 0)
    return [{ path, of: 'key', message: 'no request was sent before: there is no response to wait for' }];
  if (requests === 1 && standing?.sure) {
    const message = `no response can come: the request stands at a stop (line ${lineOf(standing.path)}); \`resume\` comes first`;
    return [{ path, of: 'key', message }];
  }
  return unknownRequest(course, mapIn(body).of, path);
}

function unknownRequest({ known, names, lineOf }: Course, of: unknown, path: KeyPath): readonly Finding[] {
  if (typeof of !== 'string' || names.has(of)) return [];
  const later = known.get(of);
  const message =
    later === undefined
      ? `no request is named ${of}${didYouMean(of, [...known.keys()])}`
      : `the request ${of} is sent later, on line ${lineOf(later)}`;
  return [{ path: [...path, 'of'], of: 'value', message }];
}

/** All rows of `each` have the same names. */
function rowFindings(rows: readonly unknown[]): readonly Finding[] {
  const first = Object.keys(mapIn(rows[0]));
  return rows.slice(1).flatMap((row, index): readonly Finding[] => {
    const path = ['each', index + 1];
    const keys = Object.keys(mapIn(row));
    if (keys.length === 0) return [];
    const lacking = first.filter((key) => !keys.includes(key));
    const spare = keys.filter((key) => !first.includes(key));
    return [
      ...(lacking.length > 0
        ? [{ path, of: 'value' as const, message: `the row has no ${listed(lacking)}, the first has` }]
        : []),
      ...spare.map((key) => ({
        path: [...path, key],
        of: 'key' as const,
        message: `the first row has no \`${key}\`; all rows need the same names`,
      })),
    ];
  });
}
