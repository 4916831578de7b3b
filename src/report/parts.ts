import type { Outcome, SourceLine } from '../scenario/result/result.ts';
import { type Html, html } from './html.ts';

/** More lines than these are folded. */
const FOLD = 40;

type Icon = Outcome | 'play' | 'arrow';

export const icon = (name: Icon): Html => html`<svg class="icon" aria-hidden="true"><use href="#icon-${name}"/></svg>`;

/** An outcome by shape, word and colour. */
export const mark = (outcome: Outcome, word: string = outcome): Html =>
  html`<span class="mark ${outcome}">${icon(outcome)}${word}</span>`;

/** A text as it was printed; a long one can be unfolded. */
export function printed(text: string, label: string): Html {
  const whole = text.replace(/\n+$/, '');
  if (whole === '') return html`<p class="none">${label}: nothing</p>`;
  const lines = whole.split('\n').length;
  const block = html`<pre class="printed">\n${whole}</pre>`;
  return lines <= FOLD
    ? block
    : html`<details class="fold"><summary>${label}: ${lines} lines</summary>${block}</details>`;
}

/** Lines of source with their numbers; the one that it stood at is marked. */
export function sourceLines(source: readonly SourceLine[]): Html {
  if (source.length === 0) return html``;
  const item = ({ line, text, current }: SourceLine): Html =>
    current
      ? html`<li value="${line}" class="current" aria-current="true"><code>${text}</code><span class="hidden"> (it stood here)</span></li>`
      : html`<li value="${line}"><code>${text}</code></li>`;
  return html`<ol class="source">${source.map(item)}</ol>`;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  /** How many there are, for the list of contents. */
  readonly count?: number;
  readonly body: Html;
}

export const section = ({ id, title, body }: Section): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>\n`;

/** The frame of every page: the way past the bar, the bar, and what is in it. */
export function frame(trail: Html, aside: Html, main: Html): Html {
  return html`<a class="skip" href="#main">Skip to the report</a>
<header class="bar"><nav aria-label="Reports">${trail}</nav><button type="button" id="theme" aria-pressed="false" hidden>Dark</button></header>
<div class="layout">
<aside class="rail" aria-label="Find">${aside}</aside>
<main id="main" tabindex="-1">
${main}</main>
</div>`;
}

/** Filters everything on the page that has `data-find`; the script fills in how many are left. */
export const search = (label: string): Html => html`<form role="search" id="search" hidden>
<label for="find">${label}</label>
<input type="search" id="find" autocomplete="off" spellcheck="false">
<output id="found" for="find"></output>
</form>`;
