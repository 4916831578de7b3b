import type { Checks } from '../compare/checks.ts';
import type { RequestStep, ResponseStep } from '../scenario.ts';
import { requestTarget } from '../texts.ts';
import { encodeBody } from './body.ts';
import type { Answer } from './client.ts';
import type { Sent } from './flight.ts';
import type { Play } from './play.ts';
import { StepFailure } from './stage.ts';

/** Sends a request, and doesn't wait for what comes of it. */
export async function sendRequest(play: Play, step: RequestStep): Promise<void> {
  await play.untilReady();
  const encoded = step.body && (await encodeBody(step.body, play.run.directory, play.run.readUpload));
  const own = Object.keys(step.headers).some((name) => name.toLowerCase() === 'content-type');
  play.flight.send(play.client, step.name, {
    method: step.method,
    path: requestTarget(step.path),
    headers: { ...(encoded && !own && { 'Content-Type': encoded.type }), ...step.headers },
    body: encoded?.bytes,
    cookies: step.cookies,
    keepCookies: step.keepCookies,
  });
}

/** Waits for a response and compares it. */
export async function takeResponse(play: Play, step: ResponseStep, checks: Checks): Promise<void> {
  const { sent } = play.flight;
  const one = step.of === undefined ? sent.at(-1) : sent.findLast(({ name }) => name === step.of);
  if (one === undefined) throw new StepFailure('request', 'no request was sent');
  const answer = await awaitAnswer(play, one);
  checks.equal('the status', step.status, String(answer.status));
  checks.equal('the body', step.complete ? 'complete' : 'broken off', answer.complete ? 'complete' : 'broken off');
  for (const [name, expectation] of Object.entries(step.headers)) {
    checks.expect(`the header ${name}`, expectation, answer.headers[name.toLowerCase()] ?? '');
  }
  const text = answer.body.toString('utf8');
  if (step.body !== undefined) checks.expect('the body', step.body, text);
  if (step.json !== undefined) checks.expect('the body as JSON', step.json, text);
  if (checks.passed) play.keep(step.save, { text, headers: answer.headers });
}

/** The response of a request; rejects at a stop that no step expects, and where none can come. */
export async function awaitAnswer({ stage, flight, limit, refuseStops }: Play, sent: Sent): Promise<Answer> {
  sent.awaited = true;
  const look = (): Answer | undefined => {
    refuseStops(sent);
    flight.refuseFailures([sent]);
    return sent.answer;
  };
  const what = `waiting for the response of ${sent.method} ${sent.path}`;
  return await stage.until(look, limit(), what).catch((error: unknown) => {
    const isLate = error instanceof StepFailure && error.kind === 'time';
    throw isLate && sent.failed !== undefined ? flight.unanswered(sent) : error;
  });
}

/** Ctrl-C, once the last request runs. */
export async function interrupt({ stage, flight, limit, application }: Play): Promise<void> {
  const sent = flight.sent.at(-1);
  const look = (): true | undefined => (sent !== undefined && flight.hasBegun(sent)) || undefined;
  await stage.until(look, limit(), 'waiting for a request to interrupt');
  application.send('\x03');
}
