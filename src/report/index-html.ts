import { type Html, html, join } from './html.ts';
import { type PageAssets, page } from './page.ts';
import { frame, mark, search } from './parts.ts';
import { started } from './report-run.ts';
import { at, duration, failuresFirst, type Located, place, tally, title } from './words.ts';

/** A scenario that is over, and the directory of its evidence. */
export interface Entry extends Located {
  readonly slug: string;
}

/** index.html: all scenarios of a run, failures first, each with the way to its report. */
export function indexHtml(entries: readonly Entry[], assets: PageAssets): readonly string[] {
  const results = entries.map(({ result }) => result);
  const ordered = failuresFirst(entries.map((entry) => ({ ...entry, outcome: entry.result.outcome })));
  const times = results.filter(({ outcome }) => outcome !== 'skipped').map(({ timings }) => timings.started);
  const first = times.toSorted()[0];
  const outcome = results.some((result) => result.outcome === 'failed') ? 'failed' : 'passed';
  const main = html`<header class="hero">${mark(outcome, outcome === 'failed' ? 'Failed' : 'Passed')}
<h1>${tally(results)}</h1>
<p class="meta dots">${first !== undefined && html`<span>${started(first)}</span> `}<span><a href="junit.xml">junit.xml</a></span> <span><a href="summary.md">summary.md</a></span></p></header>
<section aria-labelledby="scenarios-title"><h2 id="scenarios-title">Scenarios</h2><ul class="entries">${ordered.map(item)}</ul></section>\n`;
  return page({
    title: `${tally(results)} – wsgi-dev ci`,
    styles: [assets.style],
    head: assets.theme,
    scripts: [assets.script],
    body: frame(html`<span aria-current="page">All scenarios</span>`, search('Search scenarios'), join([main])),
  });
}

function item({ slug, result }: Entry): Html {
  const { outcome, failure, skipped, tags, timings } = result;
  const { file, line } = place(result);
  return html`<li class="card ${outcome}" data-find="scenario">${mark(outcome)}
<div class="what"><h3><a href="${slug}/report.html">${title(result)}</a></h3>
<p class="meta dots"><span><code>${result.file}</code></span> ${tags.map((tag) => html`<span>${tag}</span> `)}</p>
${failure && html`<p class="message">${failure.message}</p><p class="meta"><code>${at(file, line)}</code></p>`}
${skipped !== undefined && html`<p class="meta">${skipped}</p>`}</div>
<span class="time">${outcome !== 'skipped' && duration(timings.totalMs)}</span></li>\n`;
}
