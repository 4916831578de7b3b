import { posix } from 'node:path';
import untyped, { type Builder, type TestCase } from 'junit-report-builder';
import type { Outline } from '../scenario/result/outline.ts';
import { printable } from './text.ts';
import { at, failureWords, type Located, place, sourceText, title } from './words.ts';

/** Its types name a default export within the one it has. */
const builder = untyped as unknown as Builder;

/** A scenario that is over, with its transcript, which is looked at once: as its suite is made. */
export interface JunitCase extends Located {
  readonly transcript: string;
}

/** Importers keep what a case printed in memory: the end of it will do, transcript.txt has the whole. */
const MOST_OUTPUT = 64 * 1024;

/** junit.xml: a suite for each scenario file, a case for each run of it. In pieces: of many transcripts few are in memory. */
export function* junit(cases: readonly JunitCase[]): Generator<string> {
  const failures = cases.filter(({ result }) => result.failure !== undefined).length;
  // The schema that Jenkins reads by has no count of those skipped at the root.
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="wsgi-dev ci" tests="${cases.length}" failures="${failures}" errors="0">\n`;
  for (const [file, ofFile] of byFile(cases)) yield suiteText(file, ofFile);
  yield '</testsuites>\n';
}

function suiteText(file: string, cases: readonly JunitCase[]): string {
  const results = cases.map(({ result }) => result);
  const report = builder.newBuilder();
  const suite = report.testSuite().name(file).time(seconds(results));
  const ran = results.filter(({ outcome }) => outcome !== 'skipped');
  const started = ran.map(({ timings }) => timings.started).toSorted()[0];
  if (started !== undefined) suite.timestamp(started.replace(/(\.\d+)?Z$/, ''));
  for (const one of cases) addCase(suite.testCase(), one);
  const text = report.build();
  // Of a report with this suite alone.
  return text.slice(text.indexOf('  <testsuite '), text.lastIndexOf('</testsuites>'));
}

function byFile(cases: readonly JunitCase[]): ReadonlyMap<string, readonly JunitCase[]> {
  const files = new Map<string, JunitCase[]>();
  for (const one of cases) {
    const file = fileOf(one);
    const others = files.get(file);
    if (others === undefined) files.set(file, [one]);
    else others.push(one);
  }
  return files;
}

const fileOf = ({ result, base }: JunitCase): string => posix.join(base, result.file);

function addCase(testCase: TestCase, one: JunitCase): void {
  const { result, base, transcript } = one;
  const { file, line } = place(result);
  testCase
    .name(title(result))
    .className(classOf(fileOf(one)))
    .file(posix.join(base, file))
    .time(seconds([result]));
  // The package has no word for it; the schema does, and GitLab and GitHub's readers show it.
  if (line !== undefined) attributes(testCase).line = line;
  if (result.outcome === 'skipped') testCase.skipped();
  if (result.failure !== undefined) {
    testCase.failure(printable(result.failure.message), result.failure.kind).stacktrace(inCdata(details(result)));
  }
  testCase.standardOutput(inCdata(output(result, transcript)));
}

/** As importers know it from Java: "scenarios.cart" of scenarios/cart.scenario.yaml. */
const classOf = (file: string): string => file.replace(/(\.scenario)?\.ya?ml$/, '').replaceAll('/', '.');

/** What a person reads in the importer's page: the message, the place, the source, what was last seen. */
function details(result: Outline): string {
  const { failure } = result;
  if (failure === undefined) return '';
  const step = result.steps.find(({ number }) => number === failure.step);
  return [
    `${failureWords[failure.kind]}${failure.at === undefined ? '' : ` (${at(failure.at.file, failure.at.line)})`}`,
    failure.message,
    sourceText(failure.source),
    step && `Step ${step.number}: ${step.title} (${at(result.file, step.line)})`,
    failure.lastSeen && `Last seen:\n${failure.lastSeen}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

function output({ skipped, outcome }: Outline, transcript: string): string {
  if (outcome === 'skipped') return `skipped: ${skipped ?? ''}`;
  if (transcript.length <= MOST_OUTPUT) return transcript;
  return `… the last ${MOST_OUTPUT / 1024} KiB of transcript.txt:\n${transcript.slice(-MOST_OUTPUT).replace(/^.*\n/, '')}`;
}

const seconds = (results: readonly Outline[]): number =>
  Math.round(results.reduce((sum, { timings }) => sum + timings.totalMs, 0)) / 1000;

/** The package ends a CDATA section safely at its first "]]>" only. */
function inCdata(text: string): string {
  const [first = '', second, ...rest] = printable(text).split(']]>');
  if (second === undefined) return first;
  return `${first}]]>${[second, ...rest].join(']]]]><![CDATA[>')}`;
}

const attributes = (testCase: TestCase): Record<string, unknown> =>
  (testCase as unknown as { readonly _attributes: Record<string, unknown> })._attributes;
