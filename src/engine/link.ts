import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Socket } from 'node:net';
import { Duplex, Readable } from 'node:stream';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import type { ExitCode } from '../errors.ts';
import type { Endpoint, Transport } from './endpoint.ts';
import { engineFault, wentAway } from './fault.ts';

/** One engine's client, with its errors made into faults. */
export interface Link {
  readonly docker: Docker;
  readonly address: string;
  /** Runs `act`; what it throws becomes the fault of not having been able to `doing` ("start the container x"). */
  attempt<T>(doing: string, act: () => Promise<T>, code?: ExitCode): Promise<T>;
  /** A request whose answer is read as it comes: raw bytes of the response's body. Use it inside `attempt`. */
  readable(method: 'GET' | 'POST', path: string, query?: Query): Promise<Readable>;
  /** A request that turns its connection into a raw two-way stream: the socket itself. Use it inside `attempt`. */
  hijack(path: string, query: Query): Promise<Duplex>;
}

export type Query = Readonly<Record<string, string | number | boolean>>;

/** Long enough for a far engine, short enough for a person who mistyped its address. */
const connectTimeout = 10_000;

/** Opens nothing yet: connections are made by the requests. Throws a Fault (3) when DOCKER_HOST itself is malformed. */
export function openLink({ address, transport }: Endpoint): Link {
  const attempt = async <T>(doing: string, act: () => Promise<T>, code?: ExitCode): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      throw engineFault(error, address, doing, code);
    }
  };
  let docker: Docker;
  try {
    docker = new Docker(clientOptions(transport));
  } catch (error) {
    // docker-modem parses DOCKER_HOST and DOCKER_CERT_PATH even when it is told where the engine is.
    throw engineFault(error, address, 'use DOCKER_HOST and DOCKER_CERT_PATH of the environment');
  }

  const dial = (options: Omit<Parameters<typeof docker.modem.dial>[0], 'statusCodes'>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      docker.modem.dial({ ...options, statusCodes: { 101: true, 200: true } }, (error, result) =>
        error === null ? resolve(result) : reject(error),
      );
    });

  return {
    docker,
    address,
    attempt,
    async readable(method, path, query = {}) {
      // dockerode would send the query as the body too, were it not for _body.
      const stream = await dial({ method, path: `${path}?`, options: { _query: query, _body: {} }, isStream: true });
      if (!(stream instanceof Readable)) {
        throw new TypeError(`not a stream: ${method} ${path}`);
      }
      return guardStream(stream, address);
    },
    async hijack(path, query) {
      // The path is complete, so that nothing encodes it again (%FF must stay one raw byte; dial drops the last
      // character). The empty file gives the request a body of no bytes: any others would be read as terminal input.
      const text = Object.entries(query).map(([key, value]) => `${key}=${value}&`);
      const socket = await dial({
        method: 'POST',
        path: `${path}?${text.join('')}`,
        file: Buffer.alloc(0),
        hijack: true,
      });
      if (!(socket instanceof Duplex)) {
        throw new TypeError(`not a connection: POST ${path}`);
      }
      return guardStream(socket, address);
    },
  };
}

/**
 * Makes errors of a stream of the engine the fault "went away", and has them listened to, so that none can end the
 * process. The stream itself is returned, not a wrapper: terminals are measured by their echo.
 */
export function guardStream<S extends Readable>(stream: S, address: string): S {
  const destroy = stream._destroy.bind(stream);
  stream._destroy = (error, callback) =>
    destroy(error, (raised) => callback(raised ? wentAway(address, raised) : raised));
  stream.on('error', () => {});
  return stream;
}

type ClientOptions = Docker.DockerOptions & { readonly pathPrefix?: string };

function clientOptions(transport: Transport): ClientOptions {
  if (transport.kind === 'socket') {
    // The undefined ones overrule what docker-modem reads from the environment.
    // Without a server name Node would look whether the socket's path is an address: the pattern takes 3 ms to compile.
    const agent = new HttpAgent({ keepAlive: false, ...{ servername: '' } });
    const place = { socketPath: transport.path, host: undefined, port: undefined, agent };
    return { ...place, protocol: 'http' };
  }
  const { host, port, pathPrefix, tls } = transport;
  const place = { socketPath: undefined, host, port, pathPrefix, agent: timedAgent(transport) };
  return tls === undefined
    ? { ...place, protocol: 'http', ca: undefined, cert: undefined, key: undefined }
    : { ...place, protocol: 'https', ca: tls.ca, cert: tls.cert, key: tls.key };
}

/** An agent that gives up on a connection that is not made in time; the system itself would wait for two minutes. */
function timedAgent({ tls }: Extract<Transport, { kind: 'tcp' }>): HttpAgent {
  const agent = tls
    ? new HttpsAgent({ keepAlive: true, rejectUnauthorized: tls.verify })
    : new HttpAgent({ keepAlive: true });
  const connect = agent.createConnection.bind(agent);
  const timed: typeof connect = (...given) => {
    const socket = connect(...given);
    if (socket instanceof Socket) {
      const timer = setTimeout(
        () => socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' })),
        connectTimeout,
      );
      socket
        .once(tls ? 'secureConnect' : 'connect', () => clearTimeout(timer))
        .once('close', () => clearTimeout(timer));
      socket.setNoDelay(true);
    }
    return socket;
  };
  // docker-modem inspects the options of every request to any depth for its debug log, even when that is off.
  return Object.assign(agent, { createConnection: timed, [inspect.custom]: () => '[Agent]' });
}
