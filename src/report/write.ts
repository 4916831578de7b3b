import { readFileSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cast } from './cast.ts';
import { annotations, summaryMarkdown } from './github.ts';
import { type Entry, indexHtml } from './index-html.ts';
import { junit } from './junit.ts';
import type { PageAssets } from './page.ts';
import { type Evidence, reportHtml } from './report-html.ts';
import { RUN_FILE } from './slugs.ts';
import { transcript } from './transcript.ts';

/** Reads what pages are made of; the build leaves it beside the program. */
export async function readPageAssets(directory = join(import.meta.dirname, 'report')): Promise<PageAssets> {
  const [style, theme, script, playerStyle, player] = await Promise.all(
    ['page.css', 'theme.js', 'page.js', 'player.css', 'player.js'].map((name) =>
      readFile(join(directory, name), 'utf8'),
    ),
  );
  return { style, theme, script, playerStyle, player } as PageAssets;
}

/** What the build made, as bytes: the most of every page, encoded once. */
const encoded = new WeakMap<PageAssets, ReadonlyMap<string, Buffer>>();

function bytesOf(pieces: readonly string[], assets: PageAssets): readonly (string | Buffer)[] {
  const known = encoded.get(assets) ?? new Map(Object.values(assets).map((text) => [text, Buffer.from(text)]));
  encoded.set(assets, known);
  return pieces.map((piece) => known.get(piece) ?? piece);
}

/** Writes the directory of one scenario: result.json, report.html and, of what ran, transcript.txt, session.cast, environment.json. */
export async function writeEvidence(directory: string, evidence: Evidence, assets: PageAssets): Promise<void> {
  const { result, recording, environment } = evidence;
  const ran = recording !== undefined && result.outcome !== 'skipped' ? recording : undefined;
  const files: Readonly<Record<string, string | readonly (string | Buffer)[] | undefined>> = {
    'result.json': json(result),
    'transcript.txt': ran && transcript(ran, result.normalized),
    'session.cast': ran && cast(ran, result),
    'environment.json': environment && json(environment),
    'report.html': bytesOf(reportHtml({ ...evidence, recording: ran }, assets), assets),
  };
  await mkdir(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    // What an earlier run left would be taken for this one's.
    if (text === undefined) await rm(path, { force: true });
    else await writeFile(path, text);
  }
}

/** A run begins: nothing says what the directory holds until `writeRun`. */
export async function forgetRun(directory: string): Promise<void> {
  await rm(join(directory, RUN_FILE), { force: true });
}

/** Writes the files of the whole run; the transcripts are read back from the scenarios' directories. */
export async function writeRun(directory: string, entries: readonly Entry[], assets: PageAssets): Promise<void> {
  const results = entries.map(({ result }) => result);
  const cases = entries.map((entry) => ({
    ...entry,
    get transcript() {
      return readIfThere(join(directory, entry.slug, 'transcript.txt'));
    },
  }));
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'junit.xml'), junit(cases));
  await writeFile(join(directory, 'index.html'), indexHtml(entries, assets));
  await writeFile(join(directory, 'summary.md'), summaryMarkdown(results));
  await writeFile(join(directory, RUN_FILE), json(entries.map(({ slug }) => slug)));
}

/** In GitHub Actions: prints an annotation for each failure and adds the run to the job's summary. */
export async function tellGithub(
  env: Readonly<Record<string, string | undefined>>,
  entries: readonly Entry[],
  print: (line: string) => void,
): Promise<void> {
  if (env.GITHUB_ACTIONS !== 'true') return;
  const results = entries.map(({ result }) => result);
  for (const line of annotations(entries)) print(line);
  if (env.GITHUB_STEP_SUMMARY) await appendFile(env.GITHUB_STEP_SUMMARY, summaryMarkdown(results));
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
