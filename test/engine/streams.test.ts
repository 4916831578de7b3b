import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { demultiplex } from '../../src/engine/demux.ts';
import { lineCutter, progressMessages } from '../../src/engine/progress.ts';

const frame = (kind: number, content: string): Buffer => {
  const body = Buffer.from(content);
  const header = Buffer.from([kind, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
};

test.each([1, 3, 8, 9, 1000])('frames in chunks of %i bytes', async (size) => {
  const bytes = Buffer.concat([frame(1, 'ön'), frame(2, 'err'), frame(1, ''), frame(1, 'e\n')]);
  const source = new PassThrough();
  const { stdout, stderr } = demultiplex(source);
  for (let at = 0; at < bytes.length; at += size) source.write(bytes.subarray(at, at + size));
  source.end();
  expect(await Promise.all([text(stdout), text(stderr)])).toEqual(['öne\n', 'err']);
});

test('an error of the source is an error of both outputs', async () => {
  const source = new PassThrough();
  const { stdout, stderr } = demultiplex(source);
  source.destroy(new Error('gone'));
  const outcomes = await Promise.allSettled([text(stdout), text(stderr)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test.each([
  [['a\nb\n'], ['a', 'b']],
  [
    ['a', 'b\n', 'c'],
    ['ab', 'c'],
  ],
  [['\x1b[32mgreen\x1b[0m\r\n\n  x  \n'], ['green', '  x']],
  [['10%\r50%\r100%\n'], ['100%']],
])('lines of %j', (pieces, lines) => {
  const got: string[] = [];
  const cutter = lineCutter((line) => got.push(line));
  for (const piece of pieces) cutter.push(piece);
  cutter.end();
  expect(got).toEqual(lines);
});

test('messages over any chunks, with what is none left out', async () => {
  const source = new PassThrough();
  const bytes = Buffer.from(
    '{"stream":"ä\\n"}\r\nnonsense\n{"status":"Pulling","id":"x","progress":"[=>"}\n{"error":"no","errorDetail":{"code":7}}',
  );
  for (const byte of bytes) source.write(Buffer.from([byte]));
  source.end();
  const messages = [];
  for await (const message of progressMessages(source)) messages.push(message);
  expect(messages).toMatchObject([
    { stream: 'ä\n', error: undefined },
    { status: 'Pulling', id: 'x', redraws: true },
    { error: { text: 'no', exitCode: 7 } },
  ]);
});
