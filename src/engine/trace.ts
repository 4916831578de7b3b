import { field } from './fault.ts';

/** What BuildKit says of a build as it goes, in a message of its own inside the engine's. */
export interface Trace {
  readonly vertexes: readonly Vertex[];
  readonly logs: readonly Log[];
}

/** A piece of the work: a step of the Dockerfile, or something of BuildKit's own ("[internal] …", "exporting to image"). */
export interface Vertex {
  /** What logs name it by. */
  readonly digest: string;
  /** "[packages 4/4] RUN pip install …" */
  readonly name: string;
  readonly cached: boolean;
  readonly started: boolean;
  readonly completed: boolean;
  /** "" where there is none. */
  readonly error: string;
}

/** What a step has printed. */
export interface Log {
  readonly vertex: string;
  /** 1: its stdout, 2: its stderr. */
  readonly stream: number;
  /** May end within a line, and within a character. */
  readonly bytes: Buffer;
}

/** The engine's message of this id has a trace in it, in base64. */
export const TRACE_ID = 'moby.buildkit.trace';

/** The part of BuildKit's StatusResponse (api/services/control/control.proto) that is shown. */
const schema = {
  StatusResponse: {
    fields: {
      vertexes: { rule: 'repeated', type: 'Vertex', id: 1 },
      logs: { rule: 'repeated', type: 'VertexLog', id: 3 },
    },
  },
  Vertex: {
    fields: {
      digest: { type: 'string', id: 1 },
      name: { type: 'string', id: 3 },
      cached: { type: 'bool', id: 4 },
      started: { type: 'bytes', id: 5 },
      completed: { type: 'bytes', id: 6 },
      error: { type: 'string', id: 7 },
    },
  },
  VertexLog: {
    fields: { vertex: { type: 'string', id: 1 }, stream: { type: 'int32', id: 3 }, msg: { type: 'bytes', id: 4 } },
  },
};

/** Loads what reads traces. A trace that can't be read is an Error of that library. */
export async function traceReader(): Promise<(base64: string) => Trace> {
  const { Root } = await import('protobufjs/light.js');
  const type = Root.fromJSON({ nested: schema }).lookupType('StatusResponse');
  return (base64) => {
    const { vertexes, logs } = type.toObject(type.decode(Buffer.from(base64, 'base64')), { arrays: true });
    return { vertexes: vertexes.map(vertexOf), logs: logs.map(logOf) };
  };
}

function vertexOf(value: unknown): Vertex {
  const has = (key: string): boolean => field(value, key) !== undefined;
  const text = (key: string): string => String(field(value, key) ?? '');
  return {
    digest: text('digest'),
    name: text('name'),
    cached: field(value, 'cached') === true,
    started: has('started'),
    completed: has('completed'),
    error: text('error'),
  };
}

function logOf(value: unknown): Log {
  const bytes = field(value, 'msg');
  return {
    vertex: String(field(value, 'vertex') ?? ''),
    stream: Number(field(value, 'stream') ?? 1),
    bytes: Buffer.from(bytes instanceof Uint8Array ? bytes : []),
  };
}
