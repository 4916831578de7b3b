import { posix } from 'node:path';
import untyped, { type Builder, type TestCase } from 'junit-report-builder';
import type { ScenarioResult } from '../scenario/result/result.ts';
import { printable } from './text.ts';
import { at, failureWords, type Located, place, sourceText, title } from './words.ts';

/** Its types name a default export within the one it has. */
const builder = untyped as unknown as Builder;

/** A scenario that is over, with its transcript. */
export interface JunitCase extends Located {
  readonly transcript: string;
}

/** Importers keep what a case printed in memory: the end of it will do, transcript.txt has the whole. */
const MOST_OUTPUT = 64 * 1024;

/** junit.xml: a suite for each scenario file, a case for each run of it. */
export function junit(cases: readonly JunitCase[]): string {
  const report = builder.newBuilder().name('wsgi-dev ci');
  for (const file of new Set(cases.map(fileOf))) {
    const ofFile = cases.filter((one) => fileOf(one) === file);
    const suite = report
      .testSuite()
      .name(file)
      .time(seconds(ofFile.map(({ result }) => result)));
    const ran = ofFile.filter(({ result }) => result.outcome !== 'skipped');
    const started = ran.map(({ result }) => result.timings.started).toSorted()[0];
    if (started !== undefined) suite.timestamp(started.replace(/(\.\d+)?Z$/, ''));
    for (const one of ofFile) addCase(suite.testCase(), one);
  }
  // The schema that Jenkins reads by has no such attribute at the root.
  return `${report.build().replace(/(<testsuites[^>]*?) skipped="\d+"/, '$1')}\n`;
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
function details(result: ScenarioResult): string {
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

function output({ skipped, outcome }: ScenarioResult, transcript: string): string {
  if (outcome === 'skipped') return `skipped: ${skipped ?? ''}`;
  if (transcript.length <= MOST_OUTPUT) return transcript;
  return `… the last ${MOST_OUTPUT / 1024} KiB of transcript.txt:\n${transcript.slice(-MOST_OUTPUT).replace(/^.*\n/, '')}`;
}

const seconds = (results: readonly ScenarioResult[]): number =>
  Math.round(results.reduce((sum, { timings }) => sum + timings.totalMs, 0)) / 1000;

/** The package ends a CDATA section safely at its first "]]>" only. */
function inCdata(text: string): string {
  const [first = '', second, ...rest] = printable(text).split(']]>');
  if (second === undefined) return first;
  return `${first}]]>${[second, ...rest].join(']]]]><![CDATA[>')}`;
}

const attributes = (testCase: TestCase): Record<string, unknown> =>
  (testCase as unknown as { readonly _attributes: Record<string, unknown> })._attributes;
