import { z } from 'zod';

/*
 * result.json and environment.json: the one description of their keys. The types in result.ts are inferred from it and
 * `node scripts/schemas.mjs` writes schemas/ from it. Only types are imported from here by the program: zod stays unloaded.
 */

const list = <T extends z.ZodType>(item: T) => z.array(item).readonly();
const map = <T extends z.ZodType>(value: T) => z.record(z.string(), value).readonly();
const keys = <T extends z.core.$ZodLooseShape>(shape: T) => z.strictObject(shape).readonly();
const count = z.int().positive();
const size = z.int().nonnegative();

const outcome = z.enum(['passed', 'failed', 'skipped']).meta({ id: 'outcome' });

const sourceLine = keys({
  line: count,
  text: z.string(),
  current: z.boolean().describe('The line that it stopped at.'),
}).meta({ id: 'sourceLine' });

const failure = keys({
  kind: z
    .enum(['expectation', 'stop', 'absent', 'crash', 'exit', 'time', 'request', 'command', 'start', 'hook'])
    .describe(
      'stop: one that no step waits for. absent: a stop that a step waits for can’t come any more. time: a limit passed.',
    ),
  message: z.string().describe('One line or a few, complete for a person.'),
  step: count.optional().describe('The step of the scenario that it happened in; absent before the first.'),
  line: count.optional().describe('In the scenario file, from 1.'),
  at: keys({ file: z.string(), line: count })
    .optional()
    .describe(
      'Where the application stood, or the line of the project that led there: the file relative to the project.',
    ),
  source: list(sourceLine),
  lastSeen: z.string().describe('The last lines that the terminal showed.'),
});

const check = keys({
  what: z.string().describe('What was compared: a stop’s place, a command’s output, a status…'),
  passed: z.boolean(),
  expected: z.string().optional().describe('The expectation as written; absent where any output is right.'),
  actual: z.string(),
});

const step = keys({
  number: count.describe('From 1.'),
  kind: z.enum(['request', 'stop', 'commands', 'resume', 'interrupt', 'response', 'run']),
  title: z.string().describe('The step in a line, for people.'),
  line: count.describe('In the scenario file, from 1.'),
  outcome: outcome.describe('passed, failed, or never reached (skipped).'),
  checks: list(check),
});

const stop = keys({
  number: count.describe('From 1, as the events count.'),
  step: count.optional(),
  reason: z.string(),
  file: z.string(),
  line: count,
  function: z.string(),
  request: count.optional().describe('The number in `requests`; absent outside of a request.'),
  exception: z.string().optional().describe('The exception’s headline at a post-mortem stop.'),
  source: list(sourceLine),
  locals: list(keys({ name: z.string(), value: z.string() })),
  commands: list(keys({ line: z.string(), output: z.string() })),
});

const request = keys({
  number: count.describe('From 1, in the order sent.'),
  name: z.string().optional(),
  method: z.string(),
  path: z.string(),
  status: z.int().optional().describe('Absent: no response came.'),
  bytes: size.optional(),
});

const normalizeRule = keys({ pattern: z.string(), with: z.string(), why: z.string() });

const timings = keys({
  started: z.iso.datetime().describe('ISO 8601, UTC.'),
  totalMs: z.number().nonnegative(),
  stepsMs: list(z.number().nonnegative()).describe('Of each step that was reached, by their order.'),
  requestsMs: list(z.number().nonnegative().nullable()).describe('Of each request, by their order; null: no response.'),
});

/** What became of one scenario. */
export const scenarioResult = keys({
  schema: z.literal(1),
  name: z.string(),
  file: z.string().describe('POSIX path relative to the project’s directory.'),
  description: z.string().optional(),
  tags: list(z.string()),
  each: map(z.unknown()).optional().describe('The row of `each` that this run is of, as written.'),
  python: z.string().optional().describe('The version that --python asked for; absent: the project’s own.'),
  outcome,
  skipped: z.string().optional().describe('Why it was skipped.'),
  failure: failure.optional().describe('What ended it, if it failed.'),
  steps: list(step),
  stops: list(stop),
  requests: list(request),
  events: list(map(z.unknown())).describe(
    'The runner’s events in their order, without times and the fields that differ from run to run.',
  ),
  normalized: list(normalizeRule).describe('What was made equal before anything was compared or written.'),
  timings: timings.describe('All that differs between two runs of the same; the rest is equal byte for byte.'),
}).meta({ title: 'result.json of wsgi-dev ci', description: 'What became of one scenario.' });

/** What the run ran on. */
export const environmentReport = keys({
  schema: z.literal(1),
  wsgiDev: z.string(),
  image: keys({ tag: z.string(), id: z.string() }),
  engine: keys({ version: z.string(), apiVersion: z.string(), os: z.string(), arch: z.string() }),
  versions: map(z.string()).describe('Versions by name: python, apache, mod_wsgi.'),
  packages: keys({ pip: list(z.string()), apt: list(z.string()) }).describe(
    '"name==version" and "name=version", sorted.',
  ),
  lock: keys({
    sha256: z.string().describe('Of the file.'),
    frozen: z.boolean().describe('The image was made from it and compared with it; false: nothing was asked of it.'),
  })
    .optional()
    .describe('Absent where the project has none.'),
  env: list(z.string()).describe('Names only: values may be secrets.'),
}).meta({ title: 'environment.json of wsgi-dev ci', description: 'What a scenario ran on.' });
