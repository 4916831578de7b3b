import { pipeline, type Readable, Transform } from 'node:stream';

/** How docker-init says that it can't execute a command; it writes this in several pieces, the first of which is the mark. */
const MARK = '[FATAL tini (';
const WHOLE = /^\[FATAL tini \(\d+\)\] exec ([\s\S]*) failed: ([^\r\n]*)(\r?\n)/;

/** What a container prints, where docker-init's word on a command that can't be executed is said for people. */
export function inPlainWords(output: Readable): Readable {
  let held: string | undefined = '';
  const words = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (held === undefined) return done(null, chunk);
      held += chunk.toString('latin1');
      const waits = held.startsWith(MARK) && !held.includes('\n') && held.length < 10_000;
      if (waits) return done();
      const text = said(held);
      held = undefined;
      done(null, Buffer.from(text, 'latin1'));
    },
    flush(done) {
      done(null, Buffer.from(held ?? '', 'latin1'));
    },
  });
  // Whoever reads them is told of an error.
  return pipeline(output, words, () => undefined);
}

function said(text: string): string {
  return text.replace(WHOLE, "wsgi-dev: $1 can't be executed in the container: $2$3");
}
