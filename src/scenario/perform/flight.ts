import type { RunnerEvent } from '../../session/events.ts';
import type { Answer, Client, Outgoing } from './client.ts';
import { type Stage, StepFailure } from './stage.ts';

/** A request that was sent. */
export interface Sent {
  /** From 1, in the order sent. */
  readonly number: number;
  readonly name: string | undefined;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** performance.now(). */
  readonly sentAt: number;
  answeredAt?: number;
  answer?: Answer;
  /** Why no response came. */
  failed?: string;
  /** A step has waited for it. */
  awaited: boolean;
}

/** The requests of a scenario. */
export interface Flight {
  readonly sent: readonly Sent[];
  send(client: Client, name: string | undefined, outgoing: Outgoing): void;
  /** The request that the runner counts as `id`; undefined: not one of the scenario's. */
  byRunner(id: number | undefined): Sent | undefined;
  hasBegun(sent: Sent): boolean;
  /** The application is done with all: no stop can come of them any more. */
  allAnswered(): boolean;
  /** Fails where no server is: a connection that broke is a crash, an end or a restart, which is about to be told. */
  refuseFailures(among?: readonly Sent[]): void;
  /** The failure of one that got no response. */
  unanswered(sent: Sent): StepFailure;
}

/** Keeps account of what is in flight; the stage is told when a response has come. */
export function createFlight(stage: Stage): Flight {
  const sent: Sent[] = [];
  const byRunner = (id: number | undefined): Sent | undefined =>
    id === undefined ? undefined : pairs(stage.events, sent).get(id);
  const has = (one: Sent, event: 'request' | 'response'): boolean =>
    stage.events.some((each) => each.event === event && byRunner(Number(each.id)) === one);
  const unanswered = ({ method, path, failed }: Sent): StepFailure =>
    new StepFailure('request', `${method} ${path} got no response: ${failed}`);
  return {
    sent,
    byRunner,
    unanswered,
    hasBegun: (one) => has(one, 'request'),
    allAnswered: () => sent.every((one) => has(one, 'response')),
    refuseFailures(among = sent) {
      const refused = among.find(({ failed }) => failed === 'ECONNREFUSED');
      if (refused !== undefined) throw unanswered(refused);
    },
    send(client, name, outgoing) {
      const { method, path } = outgoing;
      const one: Sent = { number: sent.length + 1, name, method, path, sentAt: performance.now(), awaited: false };
      sent.push(one);
      void client
        .send(outgoing)
        .then(
          (answer) => {
            one.answer = answer;
          },
          (error: NodeJS.ErrnoException) => {
            one.failed = error.code ?? error.message;
          },
        )
        .then(() => {
          one.answeredAt = performance.now();
          stage.changed();
        });
    },
  };
}

/** One process serves requests in the order in which they came, but for those of another visitor: told by method and path. */
function pairs(events: readonly RunnerEvent[], sent: readonly Sent[]): ReadonlyMap<number, Sent> {
  const left = new Set(sent);
  const found = new Map<number, Sent>();
  for (const event of events) {
    if (event.event !== 'request') continue;
    const one = [...left].find((each) => each.method === event.method && pathOf(each) === event.path);
    if (one === undefined) continue;
    left.delete(one);
    found.set(Number(event.id), one);
  }
  return found;
}

/** As the application is told it: without the query, percent signs resolved. */
function pathOf({ path }: Sent): string {
  const plain = path.split('?')[0] ?? '';
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
