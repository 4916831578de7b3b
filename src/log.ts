import pc from 'picocolors';
import { withoutPasswords } from './passwords.ts';

/** How much a person wants to read on stderr: errors and results only, the usual, or everything. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

/**
 * Everything a command writes for people goes through one Output; results go to stdout, all else to stderr, without the
 * passwords of the URLs in it.
 */
export interface Output {
  readonly verbosity: Verbosity;
  /** For messages. Yellow, cyan and blue are left out: each is hard to read on light terminals or on dark ones. */
  readonly colors: ReturnType<typeof pc.createColors>;
  /** For results. */
  readonly resultColors: ReturnType<typeof pc.createColors>;
  /** stderr is a terminal that can redraw a line. */
  readonly interactive: boolean;
  /** stdout is a terminal that shows colours, which the debugger may use. */
  readonly colorsShow: boolean;
  /** A line of the result, to stdout. */
  result(line: string): void;
  /** A message, to stderr; not with -q. */
  info(line: string): void;
  /** A message, to stderr, always. */
  warn(line: string): void;
  /** To stderr, with -v only. */
  debug(line: string): void;
}

export interface OutputOptions {
  readonly verbosity: Verbosity;
  readonly ansi: 'never' | 'always' | 'auto';
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Colours and redrawing are on for a terminal, unless NO_COLOR, CI, TERM=dumb or --ansi says otherwise. FORCE_COLOR puts
 * colours into a file or a pipe too, where NO_COLOR isn't set.
 */
export function createOutput({ verbosity, ansi, env, stdout, stderr }: OutputOptions): Output {
  const isForced = Boolean(env.FORCE_COLOR) && env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  const isPlain = Boolean(env.CI) || env.TERM === 'dumb' || (Boolean(env.FORCE_COLOR) && !isForced);
  const forced = ansi === 'always' || (ansi === 'auto' && isForced && !env.NO_COLOR);
  const wanted = forced || (ansi === 'auto' && !isPlain && !env.NO_COLOR);
  const colorsFor = (stream: NodeJS.WriteStream) => pc.createColors(forced || (wanted && stream.isTTY === true));
  const redraws = ansi === 'always' || (ansi === 'auto' && !env.CI && !env.NO_COLOR && env.TERM !== 'dumb');
  const say = (line: string): void => void stderr.write(`${withoutPasswords(line)}\n`);
  return {
    verbosity,
    colors: colorsFor(stderr),
    resultColors: colorsFor(stdout),
    interactive: redraws && stderr.isTTY === true,
    colorsShow: wanted && stdout.isTTY === true,
    result: (line) => void stdout.write(`${line}\n`),
    info: (line) => void (verbosity !== 'quiet' && say(line)),
    warn: say,
    debug: (line) => void (verbosity === 'verbose' && say(line)),
  };
}
