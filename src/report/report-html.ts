import type { EnvironmentReport, Recording, ScenarioResult } from '../scenario/result/result.ts';
import { cast } from './cast.ts';
import { type Html, html, join } from './html.ts';
import { type PageAssets, page } from './page.ts';
import { frame, icon, mark, printed, type Section, search, section, sourceLines } from './parts.ts';
import { fitted, tail } from './played.ts';
import { runSection, started } from './report-run.ts';
import { stepsSection } from './report-steps.ts';
import { requestsSection, stopsSection } from './report-stops.ts';
import { transcript } from './transcript.ts';
import { at, duration, failureWords, title } from './words.ts';

/** What one scenario left, to be drawn. */
export interface Evidence {
  readonly result: ScenarioResult;
  /** undefined: nothing ran. */
  readonly recording: Recording | undefined;
  /** undefined: there was no image yet. */
  readonly environment: EnvironmentReport | undefined;
}

/** Of a longer recording the page plays the end; session.cast has the whole. */
const MOST_PLAYED = 2_000_000;
const MOST_TEXT = 500_000;

/** report.html: one page that needs nothing else, in pieces. */
export function reportHtml({ result, recording, environment }: Evidence, assets: PageAssets): readonly string[] {
  const shown = recording !== undefined && recording.output.length > 0 ? recording : undefined;
  const played = shown && fitted(tail(shown, MOST_PLAYED));
  const sections = [
    stepsSection(result),
    stopsSection(result, played),
    requestsSection(result),
    ...(played === undefined ? [] : [terminalSection(result, played, shown?.output[0] !== played.output[0])]),
    runSection(result, environment),
  ].filter(({ count }) => count !== 0);
  return page({
    title: `${result.outcome}: ${title(result)}`,
    styles: played === undefined ? [assets.style] : [assets.style, assets.playerStyle],
    head: assets.theme,
    scripts: played === undefined ? [assets.script] : [assets.player, assets.script],
    data: played && { id: 'recording', json: cast(played, result) },
    body: frame(
      html`<a href="../index.html">All scenarios</a>`,
      html`${search('Search steps, stops, requests')}${contents(result, sections)}`,
      join([hero(result, environment), failurePanel(result), ...sections.map(section)]),
    ),
  });
}

function hero(result: ScenarioResult, environment: EnvironmentReport | undefined): Html {
  const { outcome, description, tags, skipped, timings } = result;
  const facts = [
    html`<code>${result.file}</code>`,
    outcome !== 'skipped' && html`${duration(timings.totalMs)}`,
    outcome !== 'skipped' && started(timings.started),
    environment?.versions.python !== undefined && html`Python ${environment.versions.python}`,
  ].filter((part): part is Html => Boolean(part));
  return html`<header class="hero">${mark(outcome, { passed: 'Passed', failed: 'Failed', skipped: 'Skipped' }[outcome])}
<h1>${title(result)}</h1>
${description !== undefined && html`<p class="description">${description}</p>`}
${skipped !== undefined && html`<p class="description">Skipped: ${skipped}</p>`}
<p class="meta dots">${facts.map((fact) => html`<span>${fact}</span> `)}</p>
${tags.length > 0 && html`<ul class="tags" aria-label="Tags">${tags.map((tag) => html`<li>${tag}</li>`)}</ul>`}</header>\n`;
}

/** What went wrong comes first, complete enough to mend it without reading on. */
function failurePanel({ failure, file, steps }: ScenarioResult): Html {
  if (failure === undefined) return html``;
  const step = steps.find(({ number }) => number === failure.step);
  const where = [
    failure.at && html`<code>${at(failure.at.file, failure.at.line)}</code>`,
    step && html`<a href="#step-${step.number}">step ${step.number}: ${step.title}</a>`,
    html`<code>${at(file, failure.line)}</code>`,
  ].filter((part): part is Html => Boolean(part));
  return html`<section class="failure" aria-labelledby="failure-title">
<h2 id="failure-title">${failureWords[failure.kind]}</h2>
<p class="message">${failure.message}</p>
<p class="meta dots">${where.map((part) => html`<span>${part}</span> `)}</p>
${sourceLines(failure.source)}
${failure.lastSeen.trim() !== '' && html`<h3>Last seen</h3>${printed(failure.lastSeen, 'last seen')}`}
</section>\n`;
}

function terminalSection(result: ScenarioResult, recording: Recording, cut: boolean): Section {
  const text = transcript(recording, result.normalized);
  const body = html`${cut && html`<p class="meta">The end of a long recording: session.cast has the whole.</p>`}
<div id="player" data-columns="${recording.columns}"></div>
<noscript><p class="meta">It plays with JavaScript only; its text is below.</p></noscript>
<details class="card fold transcript"><summary>The same as text</summary><pre class="printed">${text.slice(-MOST_TEXT)}</pre></details>`;
  return { id: 'terminal', title: 'Terminal', body };
}

function contents({ failure, steps }: ScenarioResult, sections: readonly Section[]): Html {
  const failedStep = steps.find(({ outcome }) => outcome === 'failed');
  return html`<nav aria-label="Contents"><ul>
${failure && html`<li><a href="#failure-title" class="failed">${icon('failed')}What failed</a></li>`}
${sections.map(
  ({ id, title: name, count }) =>
    html`<li><a href="#${id}">${name}${count !== undefined && html` <span class="count">${count}</span>`}</a>${
      id === 'steps' &&
      failedStep &&
      html`<a class="sub failed" href="#step-${failedStep.number}">${icon('failed')}step ${failedStep.number}</a>`
    }</li>\n`,
)}</ul></nav>`;
}
