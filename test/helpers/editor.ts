import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** VS Code's own client of the Debug Adapter Protocol for tests; only what these use of it. */
interface DebugClient {
  start(port: number): Promise<void>;
  on(event: string, listener: (event: { readonly body: Body }) => void): void;
  waitForEvent(event: string): Promise<{ readonly body: Body }>;
  customRequest(command: string, args?: unknown): Promise<{ readonly body: Body }>;
  initializeRequest(args: unknown): Promise<unknown>;
  attachRequest(args: unknown): Promise<unknown>;
  disconnectRequest(args: unknown): Promise<unknown>;
}

// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire, looked at by the tests.
type Body = any;
type Constructor = new (runtime: string, executable: string, type: string) => DebugClient;

const CLIENT = '@vscode/debugadapter-testsupport';
const VERSION = '1.68.0';

/** Where a thread stands. */
export interface Halt {
  readonly reason: string;
  readonly thread: number;
  readonly frames: readonly {
    readonly id: number;
    readonly name: string;
    readonly path: string;
    readonly line: number;
  }[];
}

/** An editor that is attached to debugpy. */
export interface Editor {
  /** The next stop that was not asked for yet. */
  stopped(): Promise<Halt>;
  evaluate(halt: Halt, expression: string): Promise<string>;
  continue(halt: Halt): Promise<void>;
  next(halt: Halt): Promise<void>;
  /** The body of `terminated`. */
  readonly terminated: Promise<Body>;
  leave(): Promise<void>;
}

/** Makes editors; in a hook, as it fetches the client from npm. */
export async function editors(): Promise<{
  attach(port: number, directory: string, file: string, lines: readonly number[], inside?: string): Promise<Editor>;
  remove(): void;
}> {
  const prefix = mkdtempSync(join(tmpdir(), 'wsgi-dev-dap-'));
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', prefix];
  await promisify(execFile)('npm', ['install', ...options, `${CLIENT}@${VERSION}`], { cwd: prefix });
  const { DebugClient } = createRequire(join(prefix, 'package.json'))(CLIENT) as { DebugClient: Constructor };
  return {
    attach: (...at) => attach(new DebugClient('node', '', 'python'), ...at),
    remove: () => rmSync(prefix, { recursive: true, force: true }),
  };
}

/** Attaches as VS Code does with .vscode/launch.json, with breakpoints on the lines of a file of the project, which is `inside` there. */
async function attach(
  client: DebugClient,
  port: number,
  directory: string,
  file: string,
  lines: readonly number[],
  inside = '/app',
): Promise<Editor> {
  await client.start(port);
  const halts: Body[] = [];
  let look: () => void = () => undefined;
  client.on('stopped', ({ body }) => {
    halts.push(body);
    look();
  });
  const terminated = new Promise<Body>((resolve) => client.on('terminated', ({ body }) => resolve(body)));
  const paths = { linesStartAt1: true, columnsStartAt1: true, pathFormat: 'path' };
  await client.initializeRequest({ adapterID: 'debugpy', ...paths });
  const initialized = client.waitForEvent('initialized');
  const attached = client.attachRequest({ pathMappings: [{ localRoot: directory, remoteRoot: inside }] });
  await initialized;
  const breakpoints = lines.map((line) => ({ line }));
  await client.customRequest('setBreakpoints', { source: { path: join(directory, file) }, breakpoints });
  await client.customRequest('setExceptionBreakpoints', { filters: ['uncaught'] });
  await client.customRequest('configurationDone');
  await attached;

  return {
    terminated,
    async stopped() {
      while (halts.length === 0) await new Promise<void>((resolve) => (look = resolve));
      const { reason, threadId } = halts.shift();
      const { body } = await client.customRequest('stackTrace', { threadId });
      const frames = body.stackFrames.map(({ id, name, line, source }: Body) => ({
        id,
        name,
        line,
        path: source?.path,
      }));
      return { reason, thread: threadId, frames };
    },
    async evaluate({ frames }, expression) {
      const { body } = await client.customRequest('evaluate', { expression, frameId: frames[0]?.id });
      return body.result;
    },
    continue: async ({ thread }) => void (await client.customRequest('continue', { threadId: thread })),
    next: async ({ thread }) => void (await client.customRequest('next', { threadId: thread })),
    leave: async () => void (await client.disconnectRequest({ terminateDebuggee: false })),
  };
}
