import { spawn } from 'node:child_process';
import { ExitCode, Fault } from '../../errors.ts';
import { askedOnce } from './asked.ts';
import { INSTALL, missing } from './version.ts';

/** How `docker compose` is called for one project: the one place that runs it. */
export interface ComposeCli {
  /** Runs `docker compose ARGS` to its end; rejects with a Fault (code 3) only where it isn't there at all. */
  run(args: readonly string[], options?: RunOptions): Promise<ComposeResult>;
  /** What it prints on stdout, where nothing but `args` and `input` decide that: asked once on this machine. undefined: it failed. */
  once(args: readonly string[], input?: string): Promise<string | undefined>;
}

export interface RunOptions {
  /** Written to stdin. */
  readonly input?: string;
  /** Called with each line of stderr, where compose tells its progress. */
  onLine?(line: string): void;
  /** Interrupts it as Ctrl-C would. */
  readonly signal?: AbortSignal;
  /** It reads its model from stdin, and no file. */
  readonly ofInput?: boolean;
}

export interface ComposeResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The project directory: where compose looks for its files. */
  readonly directory: string;
  /** Absolute paths; none: those that compose finds by itself. */
  readonly files: readonly string[];
  /** What the docker CLI is told of the engine: ["--context", "prod"]. */
  readonly flags: readonly string[];
  /** Where the engine is: the docker CLI doesn't look everywhere itself. */
  readonly address: string;
  /** The XDG cache directory of wsgi-dev. */
  readonly cacheDirectory: string;
  /** The project's name; undefined: compose finds one. */
  readonly project?: string | undefined;
}

/** `docker compose` for the files and the engine of `place`. */
export function composeCli(place: CliPlace): ComposeCli {
  const { env, directory, files, flags, address, cacheDirectory, project } = place;
  // A socket says it all; for another engine flags, variables or a context have named it, with its certificates.
  const socket = flags.length === 0 && address.startsWith('unix://') ? { DOCKER_HOST: address } : {};
  const called = project === undefined ? [] : ['--project-name', project];
  const named = [...called, ...files.flatMap((file) => ['--file', file])];
  const cli: ComposeCli = {
    async once(args, input) {
      return await askedOnce({ env, cacheDirectory }, [directory, ...args, input ?? ''], async () => {
        const { code, stdout } = await cli.run(args, input === undefined ? {} : { input, ofInput: true });
        return code === 0 ? stdout : undefined;
      });
    },
    run: (args, { input, onLine, signal, ofInput } = {}) =>
      new Promise((resolve, reject) => {
        const model = ofInput ? ['--project-directory', directory, '--file', '-'] : named;
        const child = spawn('docker', [...flags, 'compose', '--ansi', 'never', ...model, ...args], {
          cwd: directory,
          env: { ...env, ...socket, COMPOSE_MENU: 'false' },
          stdio: ['pipe', 'pipe', 'pipe'],
          ...(signal && { signal, killSignal: 'SIGINT' as const }),
        });
        let [stdout, stderr, line] = ['', '', ''];
        child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
          stdout += chunk;
        });
        child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
          stderr += chunk;
          const lines = (line + chunk).split('\n');
          line = lines.pop() ?? '';
          if (onLine !== undefined) lines.filter((one) => one.trim() !== '').forEach(onLine);
        });
        // It may end before it has read its input.
        child.stdin.on('error', () => undefined);
        child.stdin.end(input ?? '');
        child.on('error', (error: NodeJS.ErrnoException) => {
          // An interrupted one is waited for: `close` comes.
          if (error.name !== 'AbortError') reject(notThere(error));
        });
        child.on('close', (code) => {
          if (code !== 0 && missing(stderr)) reject(notThere(new Error(stderr.trim())));
          else resolve({ code, stdout, stderr });
        });
      }),
  };
  return cli;
}

function notThere(cause: NodeJS.ErrnoException): Fault {
  const what = cause.code === 'ENOENT' ? 'the command `docker` is missing' : 'docker has no `compose`';
  return new Fault(`A compose service needs docker compose, and ${what}`, {
    code: ExitCode.engine,
    hint: `${INSTALL}\nWithout --service and \`compose:\` everything else works.`,
    cause,
  });
}
