import { z } from 'zod';
import { parseBreak } from '../config/parsers.ts';
import { fileSchema, isTextual, keepsNull, type PathChecks, parsed } from '../config/schema.ts';
import type { KeyPath } from '../config/yaml.ts';
import {
  commandFault,
  headerFault,
  headerValueFault,
  lineFault,
  methodFault,
  parseRequestLine,
  pathFault,
  placeFault,
  regexFault,
  variableFault,
} from './texts.ts';

type Check = (text: string) => string | undefined;

const refined = (check: Check) =>
  z.string().superRefine((text, context) => {
    const message = check(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** Text that is read as written, so that numbers and booleans need no quotes. */
const text = (check: Check = () => undefined) => refined(check).meta({ type: ['string', 'number', 'boolean'] });

const map = <T extends z.ZodType>(key: Check, value: T) => z.record(refined(key), value);
const oneOrMore = <T extends z.ZodType>(value: T) => z.union([value, z.array(value).min(1, 'expected at least one')]);
const anyName: Check = (name) => (name === '' ? 'expected a name' : undefined);

/** What JSON can hold; YAML's infinities and not-a-number are no part of it. */
const json = () =>
  z.unknown().superRefine((value, context) => {
    if (holdsNoJson(value)) context.addIssue({ code: 'custom', message: 'JSON has no .nan and no .inf' });
  });

function holdsNoJson(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsNoJson);
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

const expectation: z.ZodType<WrittenExpectation> = z.lazy(() =>
  z
    .union([
      text(),
      z
        .strictObject({
          exact: text().optional(),
          contains: oneOrMore(text()).optional(),
          match: text(regexFault).optional(),
          json: json().optional(),
          not: expectation.optional(),
        })
        .meta({ minProperties: 1 }),
    ])
    .meta({ id: 'expectation', description: 'Text that it equals, or a map of conditions that must all hold' }),
);

const part = z
  .strictObject({
    json: text().optional(),
    match: text(regexFault).optional(),
    header: text(headerFault).optional(),
  })
  .meta({ minProperties: 1, maxProperties: 1 });

const save = z
  .union([text(variableFault), map(variableFault, part).meta({ minProperties: 1 })])
  .meta({ id: 'save', description: 'The name of the whole, or names of parts: {NAME: {json: a.b.0}}' });

const command = z
  .union([
    text(lineFault),
    z.strictObject({ run: text(lineFault), expect: expectation.optional(), save: save.optional() }),
  ])
  .meta({ id: 'command', description: 'A line for the prompt, or a map with run, expect and save' });

const run = z
  .union([
    text(commandFault),
    z.strictObject({
      command: text(commandFault),
      expect: expectation.optional(),
      code: z
        .int('expected an exit code, such as 0')
        .min(0, 'an exit code lies between 0 and 255')
        .max(255, 'an exit code lies between 0 and 255')
        .optional(),
      save: save.optional(),
    }),
  ])
  .meta({ id: 'run', description: 'A command in the container, or a map with command, expect, code and save' });

const upload = z.union([
  text(anyName),
  z
    .strictObject({
      path: text(anyName).optional(),
      content: text().optional(),
      filename: text(headerValueFault).optional(),
      type: text(headerValueFault).optional(),
    })
    .meta({ oneOf: [{ required: ['path'] }, { required: ['content'] }] }),
]);

const request = z.union([
  text((line) => faultIn(parseRequestLine(line))),
  z
    .strictObject({
      name: text(anyName).optional(),
      method: text(methodFault).optional(),
      path: text(pathFault),
      headers: map(headerFault, text(headerValueFault)).optional(),
      json: json().optional(),
      form: map(anyName, oneOrMore(text())).optional(),
      body: text().optional(),
      files: map(anyName, oneOrMore(upload)).optional(),
      cookies: map(headerFault, text(cookieFault)).optional(),
      keep_cookies: z.boolean().optional(),
    })
    .meta({
      allOf: [
        never('json', 'form'),
        never('json', 'body'),
        never('json', 'files'),
        never('form', 'body'),
        never('body', 'files'),
      ],
    }),
]);

function never(...keys: readonly string[]) {
  return { not: { required: keys } };
}

function faultIn(result: object): string | undefined {
  return 'fault' in result ? String(result.fault) : undefined;
}

function cookieFault(value: string): string | undefined {
  return /[;\s\x00-\x1f\x7f]/.test(value) ? 'a cookie has no spaces and no ";"; write them %20 and %3B' : undefined;
}

const stop = z.union([
  text(placeFault),
  z.strictObject({
    at: text(placeFault).optional(),
    function: text(anyName).optional(),
    reason: z.enum(['breakpoint', 'exception', 'interrupt', 'step']).optional(),
    exception: expectation.optional(),
    of: text(anyName).optional(),
    commands: z.array(command).optional(),
    stay: z.boolean().optional(),
  }),
]);

const response = z.union([
  text(statusFault),
  z.strictObject({
    of: text(anyName).optional(),
    status: text(statusFault).optional(),
    headers: map(headerFault, expectation).optional(),
    body: expectation.optional(),
    json: json().optional(),
    save: save.optional(),
  }),
]);

function statusFault(status: string): string | undefined {
  return /^([1-5]\d\d|\$\{.*\})$/.test(status) ? undefined : `expected a status such as 200, not "${status}"`;
}

const step = z
  .strictObject({
    request: request.optional(),
    stop: stop.optional(),
    commands: z.array(command).min(1, 'expected at least one command').optional(),
    resume: z.enum(['continue', 'quit']).optional(),
    interrupt: z.literal(true).optional(),
    response: response.optional(),
    run: run.optional(),
  })
  .meta({ id: 'step', minProperties: 1, maxProperties: 1 });

const seconds = () =>
  z.number().positive('expected more than 0 seconds').max(86_400, 'expected at most a day (86400 seconds)');

/** A scenario file: the one description of its keys, for types, validation and the JSON Schema. */
export function scenarioSchema(check: PathChecks) {
  return z.strictObject({
    name: text(anyName).optional().describe("Shown in reports; the file's name when left out"),
    description: text().optional(),
    tags: z.array(text(tagFault)).optional(),
    skip: z.union([z.boolean(), z.string()]).optional(),
    only: z.boolean().optional(),
    timeout: seconds().optional(),
    step_timeout: seconds().optional(),
    config: fileSchema(check).optional(),
    break: z.array(parsed(parseBreak)).optional(),
    post_mortem: z.boolean().optional(),
    vars: map(variableFault, json()).optional(),
    each: z
      .array(map(variableFault, json()).meta({ minProperties: 1 }))
      .min(1, 'expected at least one row')
      .optional(),
    before: z.array(run).optional(),
    after: z.array(run).optional(),
    normalize: z.array(z.strictObject({ pattern: text(plainRegexFault), with: text() })).optional(),
    steps: z.array(step).min(1, 'expected at least one step'),
  });
}

function tagFault(tag: string): string | undefined {
  return /^\S+$/.test(tag) ? undefined : 'a tag is one word';
}

/** A rule's pattern has no variables: its dollars are its own. */
function plainRegexFault(pattern: string): string | undefined {
  return regexFault(pattern.replaceAll('$', '$$$$'));
}

export type ScenarioSchema = ReturnType<typeof scenarioSchema>;
/** A scenario file as written, once it is sound. */
export type Written = z.output<ScenarioSchema>;
export type WrittenStep = z.output<typeof step>;
export type WrittenCommand = z.output<typeof command>;
export type WrittenRun = z.output<typeof run>;
export type WrittenSave = z.output<typeof save>;
export type WrittenRequest = z.output<typeof request>;
export type WrittenUpload = z.output<typeof upload>;

const textualKeys: readonly unknown[] = ['name', 'description', 'tags', 'normalize', 'before', 'after', 'steps'];
const typedKeys: readonly unknown[] = ['code', 'stay', 'interrupt', 'keep_cookies'];
const jsonHolders: readonly unknown[] = ['request', 'response', 'expect', 'exception', 'body', 'not'];

/** Values read by their source text: an expected `1.10` must not become 1.1. */
export function isScenarioText(path: KeyPath): boolean {
  const [first, ...rest] = path;
  if (first === 'config') return isTextual(rest);
  if (!textualKeys.includes(first)) return false;
  // Deeper down these words are the names of fields and headers.
  const typed = path.length <= 4 && typedKeys.includes(path.at(-1));
  return !typed && !path.some((key, at) => key === 'json' && holdsJson(path, at));
}

function holdsJson(path: KeyPath, at: number): boolean {
  const [above, parent] = path.slice(at - 2, at);
  return above === 'headers' || (above !== 'save' && jsonHolders.includes(parent));
}

/** A key without a value is a fault where something would be compared or sent; at the top it is the same as no key. */
export function keepsScenarioNull(path: KeyPath): boolean {
  return path[0] === 'config' ? keepsNull(path.slice(1)) : path.length > 1;
}
