import { z } from 'zod';
import { listed } from '../../config/parsers.ts';
import { commandFault, headerFault, lineFault, regexFault, variableFault } from '../texts.ts';

/** Says what is wrong with a text; undefined: nothing. */
export type Check = (text: string) => string | undefined;

const refined = (check: Check) =>
  z.string().superRefine((text, context) => {
    const message = check(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** Text that is read as written, so that numbers and booleans need no quotes. */
export const text = (check: Check = () => undefined) => refined(check).meta({ type: ['string', 'number', 'boolean'] });

/** A map whose keys `key` checks. */
export const map = <T extends z.ZodType>(key: Check, value: T) => z.record(refined(key), value);

/** A value, or a list of such. */
export const oneOrMore = <T extends z.ZodType>(value: T) =>
  z.union([value, z.array(value).min(1, 'expected at least one')]);

/** Any word will do, but there has to be one. */
export const anyName: Check = (name) => (name === '' ? 'expected a name' : undefined);

/** What JSON can hold; YAML's infinities and not-a-number are no part of it. */
export const json = () =>
  z.unknown().superRefine((value, context) => {
    if (holdsNoJson(value)) context.addIssue({ code: 'custom', message: 'JSON has no .nan and no .inf' });
  });

function holdsNoJson(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsNoJson);
}

/** A map that needs one of `keys`: `exactly` one, or one at least. */
export function oneOf<T extends z.ZodRawShape>(shape: T, keys: readonly string[], exactly: boolean) {
  const schema = z.strictObject(shape).superRefine((value, context) => {
    const [, second] = keysOf(value, keys);
    if (keysOf(value, keys).length === 0) context.addIssue({ code: 'custom', message: `expected ${listed(keys)}` });
    if (exactly && second !== undefined) {
      const message = `one too many: give ${listed(keys)}`;
      context.addIssue({ code: 'custom', message, path: [second], params: { at: 'key' } });
    }
  });
  return schema.meta({ [exactly ? 'oneOf' : 'anyOf']: keys.map((key) => ({ required: [key] })) });
}

/** Those of `keys` that a map has. */
export function keysOf(value: object, keys: readonly string[]): readonly string[] {
  return keys.filter((key) => Reflect.get(value, key) !== undefined);
}

/** Written without its conditions where it is a text: equal to it. */
export type WrittenExpectation =
  | string
  | {
      exact?: string | undefined;
      contains?: string | string[] | undefined;
      match?: string | undefined;
      json?: unknown;
      not?: WrittenExpectation | undefined;
    };

export const expectation: z.ZodType<WrittenExpectation> = z.lazy(() =>
  z
    .union([
      text(),
      oneOf(
        {
          exact: text().optional(),
          contains: oneOrMore(text()).optional(),
          match: text(regexFault).optional(),
          json: json().optional(),
          not: expectation.optional(),
        },
        ['exact', 'contains', 'match', 'json', 'not'],
        false,
      ),
    ])
    .meta({ id: 'expectation', description: 'Text that it equals, or a map of conditions that must all hold' }),
);

const place = { json: text().optional(), match: text(regexFault).optional() };
const wholeOr = <T extends z.ZodType>(part: T) =>
  z.union([
    text(variableFault),
    map(variableFault, part).refine(isNotEmpty, 'expected a name').meta({ minProperties: 1 }),
  ]);

function isNotEmpty(value: object): boolean {
  return Object.keys(value).length > 0;
}

/** `save` of an output. */
export const save = wholeOr(oneOf(place, ['json', 'match'], true)).meta({
  id: 'save',
  description: 'The name of the whole, or names of parts: {NAME: {json: a.b.0}} or {NAME: {match: REGEX}}',
});

/** `save` of a response. */
export const responseSave = wholeOr(
  oneOf({ ...place, header: text(headerFault).optional() }, ['json', 'match', 'header'], true),
).meta({
  id: 'responseSave',
  description:
    'The name of the body, or names of parts: {NAME: {json: a.b.0}}, {NAME: {match: REGEX}} or {NAME: {header: X-Id}}',
});

export const command = z
  .union([
    text(lineFault),
    z.strictObject({ run: text(lineFault), expect: expectation.optional(), save: save.optional() }),
  ])
  .meta({ id: 'command', description: 'A line for the prompt, or a map with run, expect and save' });

const exitCodes = 'an exit code lies between 0 and 255';

export const run = z
  .union([
    text(commandFault),
    z.strictObject({
      command: text(commandFault),
      expect: expectation.optional(),
      code: z.int('expected an exit code, such as 0').min(0, exitCodes).max(255, exitCodes).optional(),
      save: save.optional(),
    }),
  ])
  .meta({ id: 'run', description: 'A command in the container, or a map with command, expect, code and save' });

export type WrittenCommand = z.output<typeof command>;
export type WrittenRun = z.output<typeof run>;
export type WrittenSave = z.output<typeof responseSave>;
