import { Writer } from 'protobufjs/light.js';
import { expect, test } from 'vitest';
import type { ProgressMessage } from '../../src/engine/progress.ts';
import { tracedSteps } from '../../src/engine/steps.ts';

const DIGEST = 'sha256:1';

interface Told {
  readonly ended?: boolean;
  /** What was printed since the last: on stdout (1) and stderr (2). */
  readonly printed?: readonly (readonly [stream: 1 | 2, text: string])[];
}

/** One message of a build with BuildKit: a step, begun and perhaps ended. */
function message({ ended = false, printed = [] }: Told): ProgressMessage {
  const none = new Uint8Array(1);
  const vertex = Writer.create().uint32(10).string(DIGEST).uint32(26).string('[1/1] RUN x').uint32(42).bytes(none);
  if (ended) vertex.uint32(50).bytes(none).uint32(58).string('exit code: 100');
  const status = Writer.create().uint32(10).bytes(vertex.finish());
  for (const [stream, text] of printed) {
    const log = Writer.create().uint32(10).string(DIGEST).uint32(24).int64(stream).uint32(34).bytes(Buffer.from(text));
    status.uint32(26).bytes(log.finish());
  }
  const trace = Buffer.from(status.finish()).toString('base64');
  return { stream: undefined, status: undefined, id: undefined, trace, redraws: false, error: undefined };
}

test.each<[string, readonly Told[], readonly string[]]>([
  [
    'whose end comes together with the end of its step',
    [{ printed: [[1, 'Reading\nE: ']] }, { ended: true, printed: [[1, 'no such version\nlast']] }],
    ['Reading', 'E: no such version', 'last'],
  ],
  [
    'in whose midst one of the other stream comes',
    [
      { printed: [[1, 'Reading\n']] },
      {
        printed: [
          [2, 'E'],
          [1, 'It is virtual\n'],
          [2, ': no such ver'],
        ],
      },
      { ended: true, printed: [[2, 'sion\n']] },
    ],
    ['Reading', 'It is virtual', 'E: no such version'],
  ],
])('a line %s is one line', async (_name, told, expected) => {
  const lines: string[] = [];
  const steps = await tracedSteps((line) => lines.push(line));
  for (const one of told) steps.take(message(one));
  expect(lines).toEqual(['[1/1] RUN x', ...expected]);
  expect(steps.last()).toEqual({ step: '[1/1] RUN x', tail: expected });
});
