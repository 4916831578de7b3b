import { PassThrough, type Readable } from 'node:stream';

/** Bytes of a frame's header: kind, three zeroes, length as a 32-bit big-endian number. */
const headerLength = 8;

/**
 * Separates the frames in which the engine sends the output of a command without a terminal. The source is paused while
 * either output is full, so both must be read. Its error becomes theirs.
 */
export function demultiplex(source: Readable): { readonly stdout: Readable; readonly stderr: Readable } {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  let header = Buffer.alloc(0);
  let left = 0;
  let output = stdout;
  let full = 0;

  const write = (piece: Buffer): void => {
    if (!output.write(piece)) {
      full += 1;
      source.pause();
      output.once('drain', () => {
        full -= 1;
        if (full === 0) source.resume();
      });
    }
  };

  source.on('data', (chunk: Buffer) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (left > 0) {
        write(rest.subarray(0, left));
        const taken = Math.min(left, rest.length);
        left -= taken;
        rest = rest.subarray(taken);
        continue;
      }
      const missing = headerLength - header.length;
      header = Buffer.concat([header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (header.length === headerLength) {
        output = header[0] === 2 ? stderr : stdout;
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
      }
    }
  });
  source.once('end', () => {
    stdout.end();
    stderr.end();
  });
  source.once('error', (error) => {
    stdout.destroy(error);
    stderr.destroy(error);
  });
  // Whoever reads only one of them must not be ended by the other's error.
  stdout.on('error', () => {});
  stderr.on('error', () => {});
  return { stdout, stderr };
}
