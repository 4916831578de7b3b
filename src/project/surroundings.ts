import type { Output } from '../log.ts';

/** What a command was started in, handed down from cli.ts: nothing below reads the process itself. */
export interface Surroundings {
  readonly out: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where wsgi-dev itself lies: images/ is below. */
  readonly packageRoot: string;
  /** wsgi-dev's own directory in the XDG cache. */
  readonly cacheDirectory: string;
  readonly version: string;
}
