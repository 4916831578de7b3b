import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { command, goOn, stoppedAt } from '../helpers/prompt.ts';
import type { Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const project = useProject();
const sockets: Socket[] = [];
let terminal: Terminal;

beforeAll(async () => {
  terminal = await project.up();
});
beforeEach(() => terminal.until(/[\s\S]*$/));
afterAll(() => {
  for (const socket of sockets) socket.destroy();
});

test('100 connections that are kept alive do not hold the one process', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let count = 0; count < 100; count += 1) {
    const sent = request(new URL('/plain?kept', project.url()), { agent }).end();
    const [response] = await once(sent, 'response');
    expect(response.headers.connection).toBe('close');
    await text(response);
  }
  agent.destroy();
  expect(await project.get('/plain?after')).toMatchObject({ status: 200 });
});

test('idle connections, opened ahead as browsers do, do not hold it either', { timeout: 15_000 }, async () => {
  const { hostname, port } = new URL(project.url());
  for (let count = 0; count < 10; count += 1) {
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    await once(socket, 'connect');
  }
  expect(await project.get('/plain?idle')).toMatchObject({ status: 200 });
  for (const socket of sockets.splice(0)) socket.destroy();
});

test('the application is in the main interpreter, in the main thread, on a UTF-8 locale', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(
    terminal,
    'p environ["mod_wsgi.application_group"], environ["mod_wsgi.process_group"]',
    /\('', ''\)\n\(Pdb\) $/,
  );
  await command(terminal, 'p __import__("threading").current_thread().name', /'MainThread'\n\(Pdb\) $/);
  await command(terminal, 'p sys.stdout.encoding, sys.stdin.encoding', /\('utf-8', 'utf-8'\)\n\(Pdb\) $/i);
  await command(terminal, 'p environ["wsgi.multithread"]', /False\n\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
});

test('it runs as the owner of the project, without capabilities and new privileges, below an init', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(terminal, 'p os.getuid(), os.getgid()', /\(1234, 1234\)\n\(Pdb\) $/);
  const status = 'dict(line.split(":", 1) for line in open("/proc/self/status"))';
  await command(
    terminal,
    `p [${status}[name].strip() for name in ("CapEff", "CapBnd", "NoNewPrivs")]`,
    /\['0{16}', '0{16}', '1'\]\n\(Pdb\) $/,
  );
  await command(terminal, 'p "init" in open("/proc/1/comm").read()', /True\n\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
});

test('Apache knows that it is one process, and SIGWINCH ends nothing', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(
    terminal,
    'p open("/proc/self/cmdline").read().split("\\0")[-3:-1]',
    /\['-X', '-DONE_PROCESS'\]\n\(Pdb\) $/,
  );
  await command(
    terminal,
    'p [os.kill(os.getpid(), signal.SIGWINCH) for _ in range(3)]',
    /\[None, None, None\]\n\(Pdb\) $/,
  );
  expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
  expect(await project.get('/plain?on')).toMatchObject({ status: 200 });
});

test('handlers of signals and `c` log no tracebacks', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(terminal, '!signal.signal(signal.SIGUSR1, signal.SIG_IGN)', /\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
  expect(terminal.screen.text()).not.toMatch(/Callback registration|Traceback/);
});

test('the container has no health check, no restart policy, and SIGTERM as its signal', () => {
  const format = '{{json .Config.Healthcheck.Test}} {{.HostConfig.RestartPolicy.Name}} {{.Config.StopSignal}}';
  expect(project.docker('inspect', '-f', format, project.container() ?? '')).toBe('["NONE"] no SIGTERM');
});

test('`restart` works with the pid file that a killed Apache leaves', async () => {
  const again = project.nextReady();
  project.docker('exec', project.container() ?? '', 'sh', '-c', 'kill -9 $(cat /tmp/wsgi-dev/httpd.pid)');
  await again;
  expect(await project.run(['restart'])).toMatchObject({ code: 0 });
  expect(await project.get('/plain?restarted')).toMatchObject({ status: 200 });
});

test('`down` at a prompt is quick, though no signal but KILL ends a Python that waits there', {
  timeout: 50_000,
}, async () => {
  await stoppedAt(project, terminal, '/stop');
  expect(await project.run(['down', '-t', '60'])).toMatchObject({ code: 0 });
  expect(await terminal.ended).toMatchObject({ code: 0 });
});
