import { request } from 'node:http';

/** What a client gets; `whole` unless the connection ended in the midst of it. */
export interface Answer {
  readonly status: number;
  /** Without the port, which some error pages show. */
  readonly body: string;
  readonly whole: boolean;
}

/** One GET on a connection of its own; rejects when there is no answer at all. */
export function ask(url: URL): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      // That it broke off is told by `complete`.
      response.on('error', () => undefined);
      response.on('close', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: body.replaceAll(url.host, 'HOST'),
          whole: response.complete,
        }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}
