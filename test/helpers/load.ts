import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What became of one request of a load. */
export interface Outcome {
  /** 0: no response; `body` says why. */
  readonly status: number;
  readonly body: string;
  /** Milliseconds since the load began. */
  readonly begun: number;
  readonly ended: number;
}

export interface Load {
  /** Milliseconds since it began. */
  now(): number;
  /** Ends the load and resolves when its last request has ended. */
  stop(): Promise<readonly Outcome[]>;
}

/** A page, now and then a slow one and a form: each on a connection of its own. */
const KINDS = [
  { path: '/' },
  { path: '/' },
  { path: '/slow' },
  { path: '/' },
  { path: '/form', form: 'x'.repeat(20_000) },
] as const;

/** Sends `perSecond` requests each second to `url`, whether or not those before have ended. */
export function startLoad(url: string, perSecond: number): Load {
  const outcomes: Outcome[] = [];
  const running = new Set<Promise<void>>();
  const started = performance.now();
  let going = true;

  async function drive(): Promise<void> {
    for (let count = 0; going; count += 1) {
      const one = send(count).finally(() => running.delete(one));
      running.add(one);
      // By the clock of the whole load, so that a late timer doesn't thin it out.
      await sleep(Math.max(0, ((count + 1) * 1000) / perSecond - (performance.now() - started)));
    }
  }

  async function send(count: number): Promise<void> {
    const begun = performance.now() - started;
    const kind = KINDS[count % KINDS.length] ?? KINDS[0];
    const { status, body } = await ask(new URL(kind.path, url), 'form' in kind ? kind.form : undefined);
    outcomes.push({ status, body, begun, ended: performance.now() - started });
  }

  const driven = drive();
  return {
    now: () => performance.now() - started,
    async stop() {
      going = false;
      await driven;
      await Promise.all(running);
      return outcomes;
    },
  };
}

function ask(url: URL, form: string | undefined): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve) => {
    const failed = (error: Error): void => resolve({ status: 0, body: error.message });
    const sent = request(url, { agent: false, method: form === undefined ? 'GET' : 'POST' }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', failed);
    });
    sent.on('error', failed);
    sent.end(form);
  });
}
