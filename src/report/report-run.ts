import type { EnvironmentReport, ScenarioResult } from '../scenario/result/result.ts';
import { type Html, html } from './html.ts';
import type { Section } from './parts.ts';
import { duration } from './words.ts';

type Fact = readonly [name: string, value: string | Html | undefined];

/** What it ran on, what was made equal, and the events. */
export function runSection(result: ScenarioResult, environment: EnvironmentReport | undefined): Section {
  const { timings, normalized, events, outcome } = result;
  const facts: readonly Fact[] = [
    ['Scenario', html`<code>${result.file}</code>`],
    ['Row', result.each && html`<code>${JSON.stringify(result.each)}</code>`],
    ...(outcome === 'skipped'
      ? []
      : ([
          ['Started', started(timings.started)],
          ['Took', duration(timings.totalMs)],
        ] as const)),
    ...(environment === undefined ? [] : environmentFacts(environment)),
  ];
  const body = html`<dl class="facts card">${facts.map(([name, value]) => value !== undefined && html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${environment && fold('Python packages', environment.packages.pip)}${environment && fold('System packages', environment.packages.apt)}
${
  normalized.length > 0 &&
  html`<details class="card fold"><summary>Rules by which texts were made equal: ${normalized.length}</summary>
<table class="rules"><thead><tr><th scope="col">Pattern</th><th scope="col">Becomes</th><th scope="col">Why</th></tr></thead>
<tbody>${normalized.map((rule) => html`<tr><td><code>${rule.pattern}</code></td><td><code>${rule.with}</code></td><td>${rule.why}</td></tr>`)}</tbody></table></details>`
}
${fold(
  'Events',
  events.map((event) => JSON.stringify(event)),
)}`;
  return { id: 'run', title: 'This run', body };
}

function environmentFacts({ versions, image, engine, lock, env, wsgiDev }: EnvironmentReport): readonly Fact[] {
  return [
    ...Object.entries(versions).map(([name, version]): Fact => [names[name] ?? name, version]),
    ['wsgi-dev', wsgiDev],
    ['Image', html`<code>${image.tag}</code><br><code class="small">${image.id}</code>`],
    ['Engine', `${engine.version} (API ${engine.apiVersion}), ${engine.os}/${engine.arch}`],
    [
      'Lock',
      lock === undefined
        ? 'none'
        : html`<code class="small">${lock.sha256}</code>${!lock.frozen && ' (not asked: without --frozen)'}`,
    ],
    ['Variables', env.length === 0 ? 'none' : html`<code>${env.join(' ')}</code>`],
  ];
}

const names: Readonly<Record<string, string>> = { python: 'Python', apache: 'Apache' };

function fold(title: string, lines: readonly string[]): Html {
  if (lines.length === 0) return html``;
  return html`<details class="card fold"><summary>${title}: ${lines.length}</summary><pre class="printed">${lines.join('\n')}</pre></details>\n`;
}

/** "2026-03-14 09:26:53 UTC" */
export const started = (iso: string): Html =>
  html`<time datetime="${iso}">${iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>`;
