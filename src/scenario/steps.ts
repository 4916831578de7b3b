import type { RunnerEvent } from '../session/events.ts';
import { encodeBody } from './body.ts';
import type { Answer, Client } from './client.ts';
import type { Application } from './container.ts';
import { createDialogue } from './dialogue.ts';
import { compare, pick } from './expect.ts';
import { fill } from './fill.ts';
import type { Flight, Sent } from './flight.ts';
import type { Check, StopResult } from './result.ts';
import type {
  CommandsStep,
  Expectation,
  PromptCommand,
  RequestStep,
  ResponseStep,
  Run,
  RunStep,
  Save,
  Step,
  StopStep,
} from './scenario.ts';
import { type Stage, StepFailure, type Stop, sourceOf } from './stage.ts';
import { parsePlace, requestTarget } from './texts.ts';
import { unfit } from './unfit.ts';

export interface Scene {
  readonly run: Run;
  readonly application: Application;
  readonly client: Client;
  readonly stage: Stage;
  readonly flight: Flight;
  /** Every stop, in order; the actor adds to it. */
  readonly stops: StopResult[];
}

/** Takes steps, one at a time. */
export interface Actor {
  /** Takes one step and adds what it compared to `checks`; rejects with a StepFailure where that can't be done. */
  act(step: Step, number: number, checks: Check[]): Promise<void>;
  /** Behind the last step: what is in flight comes to its end. */
  finish(): Promise<void>;
}

/** An actor for one run of a scenario. */
export function createActor({ run, application, client, stage, flight, stops }: Scene): Actor {
  const variables: Record<string, unknown> = { ...run.vars };
  const dialogue = createDialogue(application, stage);
  const deadline = performance.now() + run.timeoutMs;
  let stopsFollow = true;
  let current: { stop: Stop; result: StopResult & { commands: { line: string; output: string }[] } } | undefined;

  /** Seconds that are left for something that may take `most` milliseconds. */
  function limit(most = run.stepTimeoutMs): number {
    const left = deadline - performance.now();
    if (left <= 0) throw new StepFailure('time', `the scenario took longer than ${run.timeoutMs / 1000} s`);
    return Math.min(most, left) / 1000;
  }

  /** With its variables filled in; what they make of it may be of no use. */
  function completed<T extends Parameters<typeof unfit>[0]>(written: T): T {
    const result = fill(written, variables);
    const fault = unfit(result);
    if (fault === undefined) return result;
    throw new StepFailure('kind' in result && result.kind === 'request' ? 'request' : 'command', fault, stage.standing);
  }

  /** Fails at a stop that no step expects. One of another request than the `awaited` may be a later step's. */
  function refuseStops(awaited?: Sent): void {
    const [stop] = stage.waiting;
    if (stop === undefined) return;
    const begun = awaited !== undefined && stage.events.some((event) => isOf(event, 'request', awaited));
    if (begun && flight.byRunner(stop.request) !== awaited && stopsFollow) return;
    const { file, line, reason, function: name } = stop;
    throw new StepFailure('stop', `stopped at ${file}:${line} in ${name} (${reason}), where no step expects it`, stop);
  }

  function check(checks: Check[], what: string, expectation: Expectation | undefined, actual: string): void {
    if (expectation === undefined) {
      checks.push({ what, passed: true, expected: undefined, actual });
      return;
    }
    checks.push({ what, ...compare(expectation, actual) });
  }

  function equal(checks: Check[], what: string, expected: string | undefined, actual: string): void {
    if (expected !== undefined) checks.push({ what, passed: expected === actual, expected, actual });
  }

  function keep(saves: readonly Save[], from: Parameters<typeof pick>[1]): void {
    for (const save of saves) {
      const picked = pick(save, from);
      if ('fault' in picked) throw new StepFailure('expectation', picked.fault, stage.standing);
      variables[save.name] = picked.value;
    }
  }

  async function untilReady(): Promise<void> {
    const look = (): true | undefined => {
      refuseStops();
      return stage.ready || undefined;
    };
    // The start has a limit of its own.
    await stage.until(look, limit(run.timeoutMs), 'waiting until the application is ready');
  }

  async function request(step: RequestStep): Promise<void> {
    await untilReady();
    const encoded = step.body && (await encodeBody(step.body, run.directory));
    const own = Object.keys(step.headers).some((name) => name.toLowerCase() === 'content-type');
    flight.send(client, step.name, {
      method: step.method,
      path: requestTarget(step.path),
      headers: { ...(encoded && !own && { 'Content-Type': encoded.type }), ...step.headers },
      body: encoded?.bytes,
      cookies: step.cookies,
      keepCookies: step.keepCookies,
    });
  }

  /** Takes the stop into the result: from here on commands are its own. */
  function enter(stop: Stop, step: number): void {
    const result = {
      number: stop.number,
      step,
      reason: stop.reason,
      file: stop.file,
      line: stop.line,
      function: stop.function,
      request: flight.byRunner(stop.request)?.number,
      exception: stop.evidence?.exception ?? undefined,
      source: sourceOf(stop),
      locals: (stop.evidence?.locals ?? []).map(([name, value]) => ({ name, value })),
      commands: [],
    };
    stops.push(result);
    current = { stop, result };
  }

  async function stop(step: StopStep, number: number, checks: Check[]): Promise<void> {
    const found = await stage.until(
      () => {
        const next = stage.waiting.shift();
        if (next === undefined) refuseFailures();
        if (next === undefined && allAnswered()) {
          throw new StepFailure('stop', 'every request was answered, and nothing has stopped');
        }
        return next;
      },
      limit(),
      'waiting for a stop',
    );
    enter(found, number);
    const at = step.at === undefined ? undefined : parsePlace(step.at);
    const place =
      at !== undefined && 'value' in at && at.value.line === undefined ? found.file : `${found.file}:${found.line}`;
    equal(checks, 'where it stops', at !== undefined && 'value' in at ? shown(at.value) : undefined, place);
    equal(checks, 'the function', step.function, found.function);
    equal(checks, 'why it stops', step.reason, found.reason);
    equal(checks, 'the request', step.of, flight.byRunner(found.request)?.name ?? 'another one');
    if (step.exception !== undefined) check(checks, 'the exception', step.exception, found.evidence?.exception ?? '');
    // Commands at another place than expected would say nothing.
    if (checks.some(({ passed }) => !passed)) return;
    await say(step.commands, number, checks);
    if (!step.stay && stage.standing?.number === current?.stop.number) await dialogue.say('continue', limit());
  }

  /** No request of the scenario is on its way any more: no stop can come of it. */
  function allAnswered(): boolean {
    const isOver = (one: Sent): boolean => stage.events.some((event) => isOf(event, 'response', one));
    return stage.ready && flight.sent.every(isOver);
  }

  /** Fails where no server is: a connection that broke is a crash, an end or a restart, which is about to be told. */
  function refuseFailures(sent: readonly Sent[] = flight.sent): void {
    const refused = sent.find(({ failed }) => failed === 'ECONNREFUSED');
    if (refused !== undefined) throw unanswered(refused);
  }

  function unanswered({ method, path, failed }: Sent): StepFailure {
    return new StepFailure('request', `${method} ${path} got no response: ${failed}`);
  }

  function isOf({ event, id }: RunnerEvent, kind: 'request' | 'response', sent: Sent): boolean {
    return event === kind && flight.byRunner(Number(id)) === sent;
  }

  async function say(commands: readonly PromptCommand[], number: number, checks: Check[]): Promise<void> {
    for (const [index, command] of commands.entries()) {
      const { run: line, expect, save } = completed(command);
      const isLast = index === commands.length - 1;
      const output = await (isLast ? dialogue.say(line, limit()) : dialogue.ask(line, limit()));
      current?.result.commands.push({ line, output });
      check(checks, line, expect, output);
      if (checks.some(({ passed }) => !passed)) return;
      keep(save, { text: output });
      // A step led to another stop, where the next command is meant.
      const next = isLast ? undefined : stage.waiting.shift();
      if (next !== undefined) enter(next, number);
    }
  }

  async function commands(step: CommandsStep, number: number, checks: Check[]): Promise<void> {
    if (stage.standing === undefined) throw new StepFailure('command', 'no prompt stands: nothing to type at');
    await say(step.commands, number, checks);
  }

  async function response(step: ResponseStep, checks: Check[]): Promise<void> {
    const sent = step.of === undefined ? flight.sent.at(-1) : flight.sent.findLast(({ name }) => name === step.of);
    if (sent === undefined) throw new StepFailure('request', 'no request was sent');
    const answer = await answerOf(sent);
    equal(checks, 'the status', step.status, String(answer.status));
    equal(checks, 'the body', step.complete ? 'complete' : 'broken off', answer.complete ? 'complete' : 'broken off');
    for (const [name, expectation] of Object.entries(step.headers)) {
      check(checks, `the header ${name}`, expectation, answer.headers[name.toLowerCase()] ?? '');
    }
    const text = answer.body.toString('utf8');
    if (step.body !== undefined) check(checks, 'the body', step.body, text);
    if (step.json !== undefined) check(checks, 'the body as JSON', step.json, text);
    if (checks.every(({ passed }) => passed)) keep(step.save, { text, headers: answer.headers });
  }

  async function answerOf(sent: Sent): Promise<Answer> {
    sent.awaited = true;
    const look = (): Answer | undefined => {
      refuseStops(sent);
      refuseFailures([sent]);
      return sent.answer;
    };
    const what = `waiting for the response of ${sent.method} ${sent.path}`;
    return await stage.until(look, limit(), what).catch((error: unknown) => {
      const isLate = error instanceof StepFailure && error.kind === 'time';
      throw isLate && sent.failed !== undefined ? unanswered(sent) : error;
    });
  }

  async function interrupt(): Promise<void> {
    const sent = flight.sent.at(-1);
    const begun = (): boolean => sent !== undefined && stage.events.some((event) => isOf(event, 'request', sent));
    await stage.until(() => begun() || undefined, limit(), 'waiting for a request to interrupt');
    application.send('\x03');
  }

  async function command(step: RunStep, checks: Check[]): Promise<void> {
    await untilReady();
    const ran = application.run(step.command);
    let done: Awaited<typeof ran> | undefined;
    void ran.then((result) => {
      done = result;
      stage.changed();
    });
    const { code, output } = await stage.until(() => done, limit(), `\`${step.command}\``);
    check(checks, step.command, step.expect, output);
    equal(checks, `the exit code of ${step.command}`, String(step.code), String(code));
    if (checks.every(({ passed }) => passed)) keep(step.save, { text: output });
  }

  return {
    async act(written, number, checks) {
      stopsFollow = run.steps.slice(number - run.before.length).some(({ kind }) => kind === 'stop');
      // Commands are filled in one by one: each may save what the next one uses.
      const step = written.kind === 'stop' || written.kind === 'commands' ? written : completed(written);
      switch (step.kind) {
        case 'request':
          return await request(step);
        case 'stop':
          return await stop(fillStop(step), number, checks);
        case 'commands':
          return await commands(step, number, checks);
        case 'resume':
          return void (await dialogue.say(step.how, limit()));
        case 'interrupt':
          return await interrupt();
        case 'response':
          return await response(step, checks);
        case 'run':
          return await command(step, checks);
      }
    },
    async finish() {
      if (stage.standing !== undefined && stage.waiting.length === 0) await dialogue.say('continue', limit());
      for (const sent of flight.sent) if (!sent.awaited) await answerOf(sent);
      refuseStops();
    },
  };

  function fillStop({ commands: later, ...rest }: StopStep): StopStep {
    return { ...completed(rest), commands: later };
  }
}

function shown({ file, line }: { readonly file: string; readonly line: number | undefined }): string {
  return line === undefined ? file : `${file}:${line}`;
}
