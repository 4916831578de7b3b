import { Writer } from 'protobufjs/light.js';
import { expect, test } from 'vitest';
import type { ProgressMessage } from '../../src/engine/progress.ts';
import { tracedSteps } from '../../src/engine/steps.ts';

const DIGEST = 'sha256:1';

/** One message of a build with BuildKit: a step, begun and perhaps ended, and what it has printed since the last. */
function message({
  ended = false,
  printed = '',
}: {
  readonly ended?: boolean;
  readonly printed?: string;
}): ProgressMessage {
  const none = new Uint8Array(1);
  const vertex = Writer.create().uint32(10).string(DIGEST).uint32(26).string('[1/1] RUN x').uint32(42).bytes(none);
  if (ended) vertex.uint32(50).bytes(none).uint32(58).string('exit code: 100');
  const log = Writer.create().uint32(10).string(DIGEST).uint32(34).bytes(Buffer.from(printed));
  const status = Writer.create().uint32(10).bytes(vertex.finish());
  if (printed !== '') status.uint32(26).bytes(log.finish());
  const trace = Buffer.from(status.finish()).toString('base64');
  return { stream: undefined, status: undefined, id: undefined, trace, redraws: false, error: undefined };
}

test('a line whose end comes together with the end of its step is one line', async () => {
  const lines: string[] = [];
  const steps = await tracedSteps((line) => lines.push(line));
  steps.take(message({ printed: 'Reading\nE: ' }));
  steps.take(message({ ended: true, printed: 'no such version\nlast' }));
  expect(lines).toEqual(['[1/1] RUN x', 'Reading', 'E: no such version', 'last']);
  expect(steps.last()).toEqual({ step: '[1/1] RUN x', tail: ['Reading', 'E: no such version', 'last'] });
});
