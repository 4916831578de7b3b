import { posix } from 'node:path';
import type { Outline } from '../scenario/result/outline.ts';
import { oneLine, printable, shortened } from './text.ts';
import { at, duration, failuresFirst, failureWords, type Located, place, sourceText, tally, title } from './words.ts';

/** GitHub shows ten annotations of a step, and keeps a megabyte of its summary. */
const MOST_DETAILS = 20;
const MOST_ROWS = 300;
const LONGEST_TEXT = 3000;
const LONGEST_NAME = 120;

/** A line for each failure that GitHub Actions shows at its file and line. */
export function annotations(located: readonly Located[]): readonly string[] {
  return located.flatMap(({ result, base }) => {
    if (result.failure === undefined) return [];
    const { file, line } = place(result);
    const properties = Object.entries({ file: posix.join(base, file), line, title: title(result) })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
    const scenario = `${at(result.file, result.failure.line)}: ${failureWords[result.failure.kind].toLowerCase()}`;
    return [`::error ${properties.join(',')}::${escapedData(`${result.failure.message}\n${scenario}`)}`];
  });
}

const escapedData = (text: string): string => printable(text).replaceAll('%', '%25').replaceAll('\n', '%0A');

const escapedProperty = (text: string): string => escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** The run in Markdown, as GITHUB_STEP_SUMMARY takes it: a table, then each failure with its source and last lines. */
export function summaryMarkdown(results: readonly Outline[]): string {
  const ordered = failuresFirst(results);
  const failed = ordered.filter(({ failure }) => failure !== undefined);
  return [
    `## wsgi-dev ci: ${tally(results)}`,
    table(ordered),
    ...failed.slice(0, MOST_DETAILS).map(details),
    ...(failed.length > MOST_DETAILS ? [`… and ${failed.length - MOST_DETAILS} more failures.`] : []),
    '',
  ].join('\n\n');
}

function table(results: readonly Outline[]): string {
  const marks = { passed: '✅ passed', failed: '❌ failed', skipped: '➖ skipped' };
  const rows = results
    .slice(0, MOST_ROWS)
    .map((result) => [
      marks[result.outcome],
      escaped(title(result)),
      code(result.file).replaceAll('|', '\\|'),
      result.outcome === 'skipped' ? '' : duration(result.timings.totalMs),
    ]);
  const more = results.length > MOST_ROWS ? [['', `… and ${results.length - MOST_ROWS} more`, '', '']] : [];
  return [['', 'scenario', 'file', 'time'], ['---', '---', '---', '--:'], ...rows, ...more]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function details(result: Outline): string {
  const { failure } = result;
  if (failure === undefined) return '';
  const where = [
    failure.at && `at ${code(at(failure.at.file, failure.at.line))}`,
    `in ${failure.step === undefined ? '' : `step ${failure.step} of `}${code(at(result.file, failure.line))}`,
  ];
  return [
    `### ❌ ${escaped(title(result))}`,
    `**${failureWords[failure.kind]}** ${where.filter(Boolean).join(', ')}`,
    fenced(failure.message),
    failure.source.length > 0 && fenced(sourceText(failure.source)),
    failure.lastSeen && `<details><summary>Last seen</summary>\n\n${fenced(failure.lastSeen)}\n\n</details>`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** Text that Markdown and HTML leave as it is. */
const escaped = (text: string): string =>
  shortened(oneLine(text), LONGEST_NAME).replace(/[\\`*_{}[\]<>()#+\-.!|~&@]/g, '\\$&');

/** No backtick within may end it: the fence is longer than any run of them. */
function fenced(text: string): string {
  const whole = printable(shortened(text, LONGEST_TEXT)).replace(/\n+$/, '');
  const fence = '`'.repeat(Math.max(3, longestRun(whole) + 1));
  return `${fence}text\n${whole}\n${fence}`;
}

function code(text: string): string {
  const whole = shortened(oneLine(text), LONGEST_NAME);
  const fence = '`'.repeat(longestRun(whole) + 1);
  return whole.includes('`') ? `${fence} ${whole} ${fence}` : `${fence}${whole}${fence}`;
}

const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
