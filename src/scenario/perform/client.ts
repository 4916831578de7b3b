import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { CookieJar } from 'tough-cookie';

/** What to send: complete, with every variable filled in. */
export interface Outgoing {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** Sent besides the kept ones. */
  readonly cookies: Readonly<Record<string, string>>;
  /** Whether cookies set earlier are sent. */
  readonly keepCookies: boolean;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names; the values of one that came twice are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The whole body came: false where the connection broke in the midst of it. */
  readonly complete: boolean;
}

/** One visitor of the application: keeps its cookies. */
export interface Client {
  /** Rejects when no response begins. */
  send(outgoing: Outgoing): Promise<Answer>;
  /** Breaks off what is in flight. */
  close(): void;
}

/** The application's own address, whatever the port on this machine is: a scenario runs the same everywhere. */
export const HOST = 'localhost:8000';
const ORIGIN = `http://${HOST}/`;

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A client of the server at the end of `way`, asked for at each request: debug mode serves one connection at a time. */
export function createClient(way: () => Promise<Address | Duplex>): Client {
  const jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false });
  const breaking = new AbortController();
  let any = false;

  async function cookieHeader({ cookies, keepCookies, path }: Outgoing): Promise<string> {
    // The jar's first look takes a tenth of a second: at many names of domains.
    const kept = keepCookies && any ? await jar.getCookies(new URL(path, ORIGIN).href) : [];
    const all = new Map(kept.map(({ key, value }) => [key, value]));
    for (const [name, value] of Object.entries(cookies)) all.set(name, value);
    return [...all].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async function keep(path: string, response: IncomingMessage): Promise<void> {
    for (const text of response.headers['set-cookie'] ?? []) {
      any = true;
      // A cookie that no client would take is no fault of the request.
      await jar.setCookie(text, new URL(path, ORIGIN).href, { ignoreError: true });
    }
  }

  return {
    async send(outgoing) {
      const cookie = await cookieHeader(outgoing);
      const to = await way();
      const connection =
        to instanceof Duplex ? { createConnection: () => to } : { host: to.host, port: to.port, agent: false as const };
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const { method, path, body } = outgoing;
        const headers = {
          Host: HOST,
          'User-Agent': 'wsgi-dev',
          Accept: '*/*',
          ...(cookie !== '' && { Cookie: cookie }),
          ...(body !== undefined && { 'Content-Length': String(body.length) }),
          ...outgoing.headers,
        };
        httpRequest({ ...connection, method, path, headers, signal: breaking.signal }, resolve)
          .on('error', reject)
          .end(body);
      });
      await keep(outgoing.path, response);
      return await read(response);
    },
    close: () => breaking.abort(),
  };
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let complete = true;
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch {
    complete = false;
  }
  const headers = Object.entries(response.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
    complete: complete && response.complete,
  };
}
