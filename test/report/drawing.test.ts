import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
interface Chunk {
  readonly time: number;
  readonly data: string;
}
const { drawing } = (await import(pathToFileURL(resolve(root, 'scripts/drawing.mjs')).href)) as {
  drawing(chunks: readonly Chunk[], size: { columns: number; rows: number }): Promise<string>;
};

test('a recording as pictures one after the other: its text, its colours, no script', async () => {
  const chunks = [
    { time: 0.5, data: '$ ' },
    { time: 1, data: 'a<b\r\n\x1b[31mred & <bold>\x1b[0m' },
    // At once: one picture with what follows.
    { time: 2, data: '\r\none' },
    { time: 2.01, data: ' two' },
  ];
  const svg = await drawing(chunks, { columns: 40, rows: 4 });
  expect(svg.match(/<g class="p/g)).toHaveLength(3);
  expect(svg.match(/@keyframes/g)).toHaveLength(3);
  expect(svg).toContain('>$ a&lt;b</text>');
  expect(svg).toMatch(/fill="#ff7b72">red &amp; &lt;bold&gt;<\/text>/);
  expect(svg).toContain('>one two</text>');
  expect(svg).not.toContain('<script');
});

test("the README's is of a session that went all the way", () => {
  const svg = readFileSync(resolve(root, 'docs/session.svg'), 'utf8');
  for (const text of ['wsgi-dev up --debug', '(Pdb) p name, query', '(Pdb) name = name.upper()', '200 12 bytes']) {
    expect(svg).toContain(text);
  }
  expect(readFileSync(resolve(root, 'README.md'), 'utf8')).toContain('(docs/session.svg)');
});
