import pc from 'picocolors';

/** How much a person wants to read on stderr: errors and results only, the usual, or everything. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

/** Everything a command writes for people goes through one Output; results go to stdout, all else to stderr. */
export interface Output {
  readonly verbosity: Verbosity;
  readonly colors: ReturnType<typeof pc.createColors>;
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

/** Colours and redrawing are on for a terminal, unless NO_COLOR, CI, TERM=dumb or --ansi says otherwise. */
export function createOutput({ verbosity, ansi, env, stdout, stderr }: OutputOptions): Output {
  const plain = Boolean(env.NO_COLOR) || Boolean(env.CI) || env.TERM === 'dumb';
  const wanted = ansi === 'always' || (ansi === 'auto' && !plain);
  const decorate = ansi === 'always' || (wanted && stderr.isTTY === true);
  const colors = pc.createColors(decorate);
  return {
    verbosity,
    colors,
    interactive: decorate && stderr.isTTY === true,
    colorsShow: wanted && stdout.isTTY === true,
    result: (line) => void stdout.write(`${line}\n`),
    info: (line) => void (verbosity !== 'quiet' && stderr.write(`${line}\n`)),
    warn: (line) => void stderr.write(`${line}\n`),
    debug: (line) => void (verbosity === 'verbose' && stderr.write(`${line}\n`)),
  };
}
