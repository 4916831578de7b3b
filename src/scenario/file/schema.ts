import { z } from 'zod';
import { parseBreak } from '../../config/parsers.ts';
import { fileSchema, type PathChecks, parsed } from '../../config/schema.ts';
import {
  cookieFault,
  headerFault,
  headerValueFault,
  methodFault,
  parseRequestLine,
  pathFault,
  placeFault,
  regexFault,
  statusFault,
  tagFault,
  variableFault,
} from '../texts.ts';
import {
  anyName,
  command,
  expectation,
  json,
  keysOf,
  map,
  oneOf,
  oneOrMore,
  responseSave,
  run,
  text,
} from './schema-parts.ts';

const upload = z.union([
  text(anyName),
  oneOf(
    {
      path: text(anyName).optional(),
      content: text().optional(),
      filename: text(headerValueFault).optional(),
      type: text(headerValueFault).optional(),
    },
    ['path', 'content'],
    true,
  ),
]);

/** Bodies that can't be sent together. */
const rivals: readonly (readonly [string, string])[] = [
  ['json', 'form'],
  ['json', 'body'],
  ['json', 'files'],
  ['form', 'body'],
  ['files', 'body'],
];

const requestMap = z
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
  .superRefine((value, context) => {
    const [one, other] = rivals.find((pair) => keysOf(value, pair).length === 2) ?? [];
    if (other === undefined) return;
    context.addIssue({
      code: 'custom',
      message: `one body too many, beside \`${one}\``,
      path: [other],
      params: { at: 'key' },
    });
  })
  .meta({ allOf: rivals.map((pair) => ({ not: { required: pair } })) });

const request = z
  .union([
    text((line) => {
      const result = parseRequestLine(line);
      return 'fault' in result ? result.fault : undefined;
    }),
    requestMap,
  ])
  .meta({ description: 'Sends a request and goes on at once: METHOD /path, or a map' });

const stop = z
  .union([
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
  ])
  .meta({ description: 'Waits for the next stop: FILE:LINE, or a map' });

const response = z
  .union([
    text(statusFault),
    z.strictObject({
      of: text(anyName).optional(),
      status: text(statusFault).optional(),
      complete: z.boolean().optional(),
      headers: map(headerFault, expectation).optional(),
      body: expectation.optional(),
      json: json().optional(),
      save: responseSave.optional(),
    }),
  ])
  .meta({ description: 'Waits for the response: its status, or a map' });

const step = z
  .strictObject({
    request: request.optional(),
    stop: stop.optional(),
    commands: z
      .array(command)
      .min(1, 'expected at least one command')
      .optional()
      .describe('More commands at the prompt where it stands'),
    resume: z.enum(['continue', 'quit']).optional().describe('Leaves the prompt where it stands'),
    interrupt: z.literal(true).optional().describe('Ctrl-C'),
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
    description: text().optional().describe('A few words for the report'),
    tags: z.array(text(tagFault)).optional().describe('Words that --filter tag:WORD picks by'),
    skip: z.union([z.boolean(), z.string()]).optional().describe('true, or why it does not run'),
    only: z.boolean().optional().describe('Where a run has one with true, nothing else runs'),
    timeout: seconds().optional().describe('Seconds for the whole; 120 when left out'),
    step_timeout: seconds().optional().describe('Seconds for each step; 10 when left out'),
    config: fileSchema(check).optional().describe("Keys of wsgi-dev.yaml, over the project's own file"),
    break: z.array(parsed(parseBreak)).optional().describe('Breakpoints, as --break takes them'),
    post_mortem: z.boolean().optional().describe('Whether an exception stops; true when left out'),
    vars: map(variableFault, json()).optional().describe('Names and values that steps are filled in with'),
    each: z
      .array(map(variableFault, json()).refine(isNotEmpty, 'expected a name and its value').meta({ minProperties: 1 }))
      .min(1, 'expected at least one row')
      .optional()
      .describe('It runs once for each, with its names and values over vars'),
    before: z.array(run).optional().describe('Commands in the container before the first step'),
    after: z.array(run).optional().describe('Commands in the container after the last step'),
    normalize: z
      .array(z.strictObject({ pattern: text(plainRegexFault), with: text() }))
      .optional()
      .describe('What differs from run to run and is made equal'),
    steps: z.array(step).min(1, 'expected at least one step').describe('What happens, one after the other'),
  });
}

function isNotEmpty(value: object): boolean {
  return Object.keys(value).length > 0;
}

/** A rule's pattern has no variables: its dollars are its own. */
function plainRegexFault(pattern: string): string | undefined {
  return regexFault(pattern.replaceAll('$', '$$$$'));
}

export type ScenarioSchema = ReturnType<typeof scenarioSchema>;
/** A scenario file as written, once it is sound. */
export type Written = z.output<ScenarioSchema>;
export type WrittenStep = z.output<typeof step>;
export type WrittenRequest = z.output<typeof requestMap>;
export type WrittenUpload = z.output<typeof upload>;
