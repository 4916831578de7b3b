import type { Recording, RequestResult, ScenarioResult, StopResult } from '../scenario/result/result.ts';
import { type Html, html } from './html.ts';
import { icon, printed, type Section, sourceLines } from './parts.ts';
import { at, bytes, duration, requestLine } from './words.ts';

/** Each stop: where, its source and names, and what was typed and answered. */
export function stopsSection(result: ScenarioResult, recording: Recording | undefined): Section {
  const times = new Map(recording?.stops?.map((stop) => [stop.number, stop.at]));
  const stops = result.stops.map((stop) => stopArticle(stop, result, times.get(stop.number)));
  return { id: 'stops', title: 'Stops', count: stops.length, body: html`${stops}` };
}

function stopArticle(stop: StopResult, { requests, failure }: ScenarioResult, time: number | undefined): Html {
  const { number, file, line, exception, source, locals, commands } = stop;
  const unexpected = stop.step === undefined && failure?.kind === 'stop';
  const request = requests.find((one) => one.number === stop.request);
  const meta = [
    html`${stop.reason}`,
    stop.step !== undefined && html`<a href="#step-${stop.step}">step ${stop.step}</a>`,
    request && html`<a href="#request-${request.number}">${requestLine(request)}</a>`,
    unexpected && html`<strong class="failed">no step waits for it</strong>`,
  ].filter((part): part is Html => Boolean(part));
  return html`<article id="stop-${number}" class="card stop${unexpected && ' failed'}" data-find="stop" aria-labelledby="stop-${number}-title">
<header><h3 id="stop-${number}-title"><span class="number">${number}</span><code>${at(file, line)}</code> <span class="in">in ${stop.function}</span></h3>
${time !== undefined && html`<button type="button" class="play" data-play="${time}" hidden>${icon('play')}Play from here</button>`}
<p class="meta dots">${meta.map((part) => html`<span>${part}</span> `)}</p></header>
${exception !== undefined && html`<p class="exception">${exception}</p>`}
<div class="pair">${sourceLines(source)}${localsTable(stop, locals)}</div>
${commands.length > 0 && html`<div class="prompt">${commands.map(({ line: typed, output }) => html`<p class="typed"><span class="sign">(Pdb)</span> <code>${typed}</code></p>${output.trim() !== '' && printed(output, 'output')}`)}</div>`}
</article>\n`;
}

function localsTable({ number }: StopResult, locals: StopResult['locals']): Html {
  if (locals.length === 0) return html``;
  return html`<table class="locals"><caption class="hidden">Local names at stop ${number}</caption>
<thead class="hidden"><tr><th scope="col">Name</th><th scope="col">Value</th></tr></thead>
<tbody>${locals.map(({ name, value }) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table>`;
}

/** What was sent, in its order, and what came back. */
export function requestsSection({ requests, timings }: ScenarioResult): Section {
  const rows = requests.map((request, index) => requestRow(request, timings.requestsMs[index] ?? undefined));
  const body = html`<table class="requests card"><caption class="hidden">Requests in the order sent</caption>
<thead><tr><th scope="col">Request</th><th scope="col">Status</th><th scope="col">Size</th><th scope="col">Time</th></tr></thead>
<tbody>${rows}</tbody></table>`;
  return { id: 'requests', title: 'Requests', count: rows.length, body };
}

function requestRow(request: RequestResult, ms: number | undefined): Html {
  const { number, name, method, path, status } = request;
  return html`<tr id="request-${number}" data-find="request"><th scope="row"><span class="number">${number}</span><span class="line"><span class="method">${method}</span> <code>${path}</code>${
    name !== undefined && html` <span class="name">${name}</span>`
  }</span></th>
<td>${statusMark(status)}</td><td>${request.bytes !== undefined && bytes(request.bytes)}</td><td>${ms !== undefined && duration(ms)}</td></tr>\n`;
}

function statusMark(status: number | undefined): Html {
  if (status === undefined) return html`<span class="mark failed">${icon('failed')}no response</span>`;
  const [kind, shape] =
    status >= 400
      ? (['warn', 'failed'] as const)
      : status >= 300
        ? (['', 'arrow'] as const)
        : (['passed', 'passed'] as const);
  return html`<span class="mark ${kind}">${icon(shape)}${status}</span>`;
}
