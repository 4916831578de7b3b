import { Document, isMap, isNode, type Node, type YAMLMap, YAMLSeq } from 'yaml';
import type { Happening } from './log.ts';
import { type Mask, unfilled } from './mask.ts';
import type { Noted } from './request.ts';
import type { RecordedStep } from './script.ts';
import { secretsOfVariables } from './secrets.ts';
import { maskOf, stepsOf } from './steps.ts';

/** What a recording is told beside what happened. */
export interface Circumstances {
  /** What was asked for by flags, as keys of wsgi-dev.yaml. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The application's, from wherever they came: what a name among them tells to be a secret is masked everywhere. */
  readonly variables: Readonly<Record<string, string>>;
  /** As --break gave them. */
  readonly breaks: readonly string[];
  /** Whether exceptions stopped. */
  readonly postMortem: boolean;
  /** What --mask gave. */
  readonly masks: readonly RegExp[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The time that a step has where a scenario says nothing, in seconds; what took half of it is given more. */
const STEP_SECONDS = 10;
const HEAD =
  ' A scenario for `wsgi-dev ci`, recorded by `wsgi-dev up --debug --record`.\n scenario.schema.json of wsgi-dev describes it to an editor.';
const MASKS =
  ' What was masked is MASKED here, and is sent so: where the application needs the real value, take it from the environment:\n' +
  `   config: {env: {SHOP_PASSWORD: "\${SHOP_PASSWORD}"}}\n` +
  `   steps: [{run: {command: printenv SHOP_PASSWORD, save: password}}, …], and \${password} in the place of MASKED.`;

/** The scenario file of what happened; undefined where no request and no stop was seen. Imports yaml: reach it by `import()`. */
export async function scenarioText(
  happenings: readonly Happening[],
  { config, variables, breaks, postMortem, masks, now }: Circumstances,
): Promise<string | undefined> {
  const mask = await maskOf(happenings, secretsOfVariables(variables), masks);
  const steps = await stepsOf(happenings, mask, now);
  if (steps.length === 0) return undefined;
  const slowest = slowestSeconds(happenings);
  const head = {
    ...(slowest > STEP_SECONDS / 2 && { step_timeout: Math.ceil(slowest * 3), timeout: Math.ceil(slowest * 3) + 120 }),
    ...(Object.keys(config).length > 0 && { config: maskedTexts(config, mask) }),
    ...(breaks.length > 0 && { break: breaks.map(mask.text) }),
    ...(!postMortem && { post_mortem: false }),
  };
  const document = new Document(head);
  const nodes = new YAMLSeq<Node>();
  for (const step of steps) nodes.add(stepNode(document, step));
  document.set('steps', nodes);
  const text = document.toString({ lineWidth: 0, blockQuote: 'literal' });
  const commented = /^\s*# (?:Masked|Loosened.*masked)/m.test(text) ? `${HEAD}\n${MASKS}` : HEAD;
  return `${commented
    .split('\n')
    .map((line) => `#${line}`)
    .join('\n')}\n${text}`;
}

function stepNode(document: Document, step: RecordedStep): Node {
  if (!('commands' in step)) return noted(document, step);
  const { commands, value, notes } = step;
  const node = noted(document, { value: { stop: value }, notes });
  const stop = isMap(node) ? node.get('stop', true) : undefined;
  if (!isMap(stop) || commands.length === 0) return node;
  const list = new YAMLSeq<Node>();
  for (const command of commands) list.add(noted(document, command));
  (stop as YAMLMap<unknown, unknown>).set('commands', list);
  return node;
}

function noted(document: Document, { value, notes }: Noted): Node {
  const node: unknown = document.createNode(escaped(value), { aliasDuplicateObjects: false });
  if (!isNode(node)) throw new TypeError('a value that YAML has no node for');
  const lines = notes.map((text) => ` ${text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+/g, ' ')}`);
  if (lines.length > 0) node.commentBefore = lines.join('\n');
  return node;
}

/** Texts in which no variable is filled in. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return unfilled(value);
  if (Array.isArray(value)) return value.map(escaped);
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [escaped(key), escaped(inner)]));
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [escaped(key), escaped(inner)]));
}

function maskedTexts(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask.text(value);
  if (Array.isArray(value)) return value.map((item) => maskedTexts(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskedTexts(inner, mask)]));
}

/** The longest time in which the program ran, rather than a person thought. */
function slowestSeconds(happenings: readonly Happening[]): number {
  let since: number | undefined;
  let longest = 0;
  for (const one of happenings) {
    if (one.kind === 'request' || one.kind === 'resume' || one.kind === 'command') since = one.t;
    if (one.kind === 'stop' || one.kind === 'response' || one.kind === 'prompt') {
      if (since !== undefined) longest = Math.max(longest, one.t - since);
      since = undefined;
    }
  }
  return longest;
}
