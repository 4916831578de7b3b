import { StringDecoder } from 'node:string_decoder';
import { lineCutter, type ProgressMessage } from './progress.ts';
import { traceReader, type Vertex } from './trace.ts';

/** Follows a build by what the engine says of it. */
export interface Steps {
  take(message: ProgressMessage): void;
  /** Hands out what has no end of line yet. */
  end(): void;
  /** The step that is being done, or that failed, and its last lines. */
  last(): { readonly step: string | undefined; readonly tail: readonly string[] };
}

/** What the classic builder says of its own containers and layers, between the steps and their output. */
const BOOKKEEPING = /^ ?---> (?!Using cache)|^Removing intermediate container /;

/** So much of a failed step's output is shown. */
const tailLength = 20;

/** Of the classic builder, which does one step after the other and tells all in one stream. */
export function classicSteps(onLine: (line: string) => void): Steps {
  let step: string | undefined;
  let tail: string[] = [];
  const output = lineCutter((line) => {
    if (BOOKKEEPING.test(line)) return;
    if (/^Step \d+\/\d+ : /.test(line)) {
      step = line;
      tail = [];
    } else {
      tail = [...tail.slice(1 - tailLength), line];
    }
    onLine(line);
  });
  return {
    take({ stream }) {
      if (stream !== undefined) output.push(stream);
    },
    end: output.end,
    last: () => ({ step, tail }),
  };
}

/** The steps of the Dockerfile, and the one after them; how BuildKit gets to them is its own affair. */
const SHOWN = /^(?:\[(?!internal)|exporting to image)/;

interface Work {
  /** As it is shown. */
  readonly name: string;
  readonly tail: string[];
  /** Of its stdout and its stderr: a line of the one may come in the midst of a line of the other. */
  readonly outputs: Map<number, Output>;
  told: boolean;
  error: string;
}

interface Output {
  push(bytes: Buffer): void;
  end(): void;
}

/** Of BuildKit, which does several at a time and tells of each by its digest. */
export async function tracedSteps(onLine: (line: string) => void): Promise<Steps> {
  const read = await traceReader();
  const works = new Map<string, Work>();
  const workOf = ({ digest, name }: Pick<Vertex, 'digest' | 'name'>): Work => {
    const known = works.get(digest);
    if (known !== undefined) return known;
    const work = { name: shownName(name), tail: [], outputs: new Map(), told: false, error: '' };
    works.set(digest, work);
    return work;
  };
  const outputOf = ({ tail, outputs }: Work, stream: number): Output => {
    const known = outputs.get(stream);
    if (known !== undefined) return known;
    const decoder = new StringDecoder('utf8');
    const { push, end } = lineCutter((line) => {
      tail.push(line);
      if (tail.length > tailLength) tail.shift();
      onLine(line);
    });
    const output = { push: (bytes: Buffer) => push(decoder.write(bytes)), end };
    outputs.set(stream, output);
    return output;
  };
  const end = ({ outputs }: Work): void => {
    for (const output of outputs.values()) output.end();
  };
  const tell = (vertex: Vertex): void => {
    const work = workOf(vertex);
    // Of those that wait for a failed one it says that they are cancelled.
    if (vertex.error !== '' && !/context canceled/.test(vertex.error)) work.error = vertex.error;
    if (work.told || !SHOWN.test(work.name) || !(vertex.started || vertex.cached)) return;
    work.told = true;
    onLine(vertex.cached ? `CACHED ${work.name}` : work.name);
  };
  return {
    take({ trace }) {
      if (trace === undefined) return;
      const { vertexes, logs } = read(trace);
      for (const vertex of vertexes) tell(vertex);
      for (const { vertex, stream, bytes } of logs) outputOf(workOf({ digest: vertex, name: '' }), stream).push(bytes);
      // The last that it has printed, in the midst of a line perhaps, comes together with its end.
      for (const vertex of vertexes) if (vertex.completed) end(workOf(vertex));
    },
    end() {
      for (const work of works.values()) end(work);
    },
    last() {
      const failed = [...works.values()].find(({ error }) => error !== '');
      return { step: failed?.name, tail: failed?.tail ?? [] };
    },
  };
}

/** On one line, and without where its mounts come from. */
function shownName(name: string): string {
  return name.replaceAll(/ --mount=\S+/g, '').replaceAll(/\s+/g, ' ');
}
