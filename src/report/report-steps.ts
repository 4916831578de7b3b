import type { Check, ScenarioResult, StepResult } from '../scenario/result/result.ts';
import { type Html, html } from './html.ts';
import { mark, printed, type Section } from './parts.ts';
import { at, duration } from './words.ts';

/** What was done, step by step, and every comparison; the failed one is open. */
export function stepsSection(result: ScenarioResult): Section {
  const steps = result.steps.map((step, index) => stepItem(step, result, result.timings.stepsMs[index]));
  return { id: 'steps', title: 'Steps', count: steps.length, body: html`<ol class="steps">${steps}</ol>` };
}

function stepItem(step: StepResult, { file }: ScenarioResult, ms: number | undefined): Html {
  const { number, title, outcome, checks, line } = step;
  const word = outcome === 'skipped' ? 'not reached' : outcome;
  const head = html`<span class="head"><span class="number">${number}</span><code class="title">${title}</code>${mark(outcome, word)}<span class="time">${
    outcome !== 'skipped' && ms !== undefined && duration(ms)
  }</span></span>`;
  const body = html`<div class="inside"><p class="meta">${at(file, line)}</p>${checks.map(checkItem)}</div>`;
  return html`<li id="step-${number}" class="card ${outcome}" data-find="step">${
    checks.length === 0
      ? html`<div class="plain" title="${at(file, line)}">${head}</div>`
      : html`<details${outcome === 'failed' && html` open`}><summary>${head}</summary>${body}</details>`
  }</li>\n`;
}

function checkItem({ what, passed, expected, actual }: Check): Html {
  const outcome = passed ? 'passed' : 'failed';
  const head = html`<p class="what">${mark(outcome, passed ? 'as expected' : 'not as expected')} <code>${what}</code></p>`;
  const body =
    passed || expected === undefined
      ? printed(actual, 'got')
      : html`<dl class="versus"><div><dt>Expected</dt><dd>${printed(expected, 'expected')}</dd></div><div><dt>Got</dt><dd>${printed(actual, 'got')}</dd></div></dl>`;
  return html`<div class="check ${outcome}">${head}${body}</div>`;
}
