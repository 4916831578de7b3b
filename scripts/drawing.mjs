import xterm from '@xterm/headless';

/** A character's cell, and the frame around, in pixels. */
const cell = { width: 8.4, height: 18, font: 14 };
const frame = { side: 14, top: 34, bottom: 12 };
/** Seconds between two pictures at least, and how long the last one stands. */
const least = 0.05;
const end = 3;
const background = '#1c2128';
const foreground = '#d0d7de';
/** The sixteen colours, on that background. */
const palette = [
  ...['#6e7681', '#ff7b72', '#7ee787', '#e3b341', '#79c0ff', '#d2a8ff', '#76e3ea', '#d0d7de'],
  ...['#8b949e', '#ffa198', '#a5f3b0', '#f2cc60', '#a5d6ff', '#e2c5ff', '#b3f0ff', '#ffffff'],
];

/** An animated SVG of what a terminal of this size shows: one picture after the other, without a script. */
export async function drawing(chunks, { columns, rows }) {
  const pictures = await picturesOf(chunks, columns, rows);
  const total = pictures.at(-1).time + end;
  const percent = (time) => `${((100 * time) / total).toFixed(2)}%`;
  const width = Math.ceil(columns * cell.width + 2 * frame.side);
  const height = rows * cell.height + frame.top + frame.bottom;
  const lines = new Map();
  const idOf = (line) => {
    if (!lines.has(line)) lines.set(line, `l${lines.size}`);
    return lines.get(line);
  };
  const shown = pictures.map(({ lines: own }, index) => {
    const uses = own.flatMap((line, row) =>
      line === '' ? [] : [`<use href="#${idOf(line)}" y="${row * cell.height}"/>`],
    );
    return `<g class="p${index === pictures.length - 1 ? ' last' : ''}" style="animation-name:k${index}">${uses.join('')}</g>`;
  });
  const frames = pictures.map(({ time }, index) => {
    const next = pictures[index + 1]?.time ?? total;
    const begin = index === 0 ? '' : `0%{visibility:hidden}`;
    return `@keyframes k${index}{${begin}${percent(time)}{visibility:visible}${percent(next)},100%{visibility:${next === total ? 'visible' : 'hidden'}}}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A terminal: wsgi-dev up --debug, a request stops at a (Pdb) prompt, a local is changed, and the response goes on">
<style>
text{font:${cell.font}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:${foreground};white-space:pre}
.p{visibility:hidden;animation:${total.toFixed(2)}s step-end infinite}
${frames.join('\n')}
@media (prefers-reduced-motion:reduce){.p{animation:none}.last{visibility:visible}}
</style>
<rect width="100%" height="100%" rx="8" fill="${background}"/>
<circle cx="20" cy="17" r="5.5" fill="#ff5f57"/><circle cx="38" cy="17" r="5.5" fill="#febc2e"/><circle cx="56" cy="17" r="5.5" fill="#28c840"/>
<defs>${[...lines].map(([line, id]) => `<g id="${id}">${line}</g>`).join('\n')}</defs>
<g transform="translate(${frame.side} ${frame.top})">
${shown.join('\n')}
</g>
</svg>
`;
}

/** What the screen shows after each chunk, those that follow at once left out. */
async function picturesOf(chunks, columns, rows) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const pictures = [];
  for (const [index, { time, data }] of chunks.entries()) {
    await new Promise((done) => terminal.write(data, done));
    const next = chunks[index + 1]?.time ?? Number.POSITIVE_INFINITY;
    if (next - time >= least) pictures.push({ time, lines: linesOf(terminal, rows) });
  }
  terminal.dispose();
  return pictures;
}

function linesOf(terminal, rows) {
  const { active } = terminal.buffer;
  return Array.from({ length: rows }, (_, row) => {
    const line = active.getLine(active.baseY + row);
    const cursor = row === active.cursorY ? cursorAt(active.cursorX) : '';
    return line === undefined ? cursor : runsOf(line).map(textOf).join('') + cursor;
  });
}

/** Neighbours that look the same. */
function runsOf(line) {
  const runs = [];
  for (let column = 0; column < line.length; column += 1) {
    const one = line.getCell(column);
    const look = `${colorOf(one)}${one.isBold() ? ' font-weight="bold"' : ''}${one.isDim() ? ' opacity=".6"' : ''}`;
    const last = runs.at(-1);
    const text = one.getChars() || ' ';
    if (last?.look === look) last.text += text;
    else runs.push({ column, look, text });
  }
  return runs.map((run) => ({ ...run, text: run.text.trimEnd() })).filter(({ text }) => text !== '');
}

function colorOf(one) {
  if (one.isFgDefault()) return '';
  if (one.isFgRGB()) return ` fill="#${one.getFgColor().toString(16).padStart(6, '0')}"`;
  const color = palette[one.getFgColor()];
  return color === undefined ? '' : ` fill="${color}"`;
}

function textOf({ column, look, text }) {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const length = ([...text].length * cell.width).toFixed(1);
  const x = (column * cell.width).toFixed(1);
  return `<text x="${x}" y="${cell.font}" textLength="${length}" xml:space="preserve"${look}>${escaped}</text>`;
}

function cursorAt(column) {
  return `<rect x="${(column * cell.width).toFixed(1)}" y="2" width="${cell.width}" height="${cell.height - 3}" fill="${foreground}" opacity=".6"/>`;
}
