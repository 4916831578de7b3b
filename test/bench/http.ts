import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const PATIENCE_MS = 20_000;

/** One request on a connection of its own, without Node's HTTP client in what is measured; `patience` 0: without end. */
export function get(port: number, path = '/', patience = PATIENCE_MS): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.0\r\nHost: localhost\r\n\r\n`));
    let text = '';
    socket.setTimeout(patience, () => socket.destroy(new Error(`no answer at port ${port}`)));
    socket.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('end', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n');
      const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1]);
      if (Number.isNaN(status)) reject(new Error('the connection ended without an answer'));
      else resolve({ status, body });
    });
  });
}

/** Asks, one request after the other, until `wanted` holds of an answer (default: 200); waits `pause` ms after a refusal. */
export async function untilServed(
  port: number,
  wanted: (answer: Answer) => boolean = ({ status }) => status === 200,
  pause = 1,
): Promise<Answer> {
  const deadline = performance.now() + PATIENCE_MS;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await get(port);
      if (wanted(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error;
      await sleep(pause);
    }
  }
  throw new Error(
    `port ${port} did not serve what was awaited; last: ${last instanceof Error ? last : JSON.stringify(last)}`,
  );
}
