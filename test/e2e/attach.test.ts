import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { command, goOn, PROMPT, requested, sourceAt, stoppedAt } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const project = useProject();
afterEach(() => project.clear());

/** Resolves when the process has ended. */
async function gone(pid: number): Promise<void> {
  await promisify(execFile)('tail', [`--pid=${pid}`, '-s', '0.05', '-f', '/dev/null']);
}

const running = (): string => project.docker('inspect', '-f', '{{.State.Status}}', project.container() ?? 'none');

async function atHalfLine(terminal: Terminal): Promise<ReturnType<typeof requested>> {
  const stopped = await stoppedAt(project, terminal, '/stop?you');
  await command(terminal, "p 'one', name", /\('one', 'you'\)\n\(Pdb\) $/);
  terminal.type("p 'half");
  await terminal.until(/p 'half$/);
  return stopped;
}

/** What a terminal that comes back to the stop of `atHalfLine` shows: all that led to the prompt, each thing once. */
async function comesBack(terminal: Terminal): Promise<void> {
  const shown = /Attached to \S+: http:\S+ \(debug; [^\n]*\)\n([\s\S]*)p 'half$/;
  const [, output] = await terminal.until(shown);
  const stop = sourceAt('wsgi\\.py\\(\\d+\\)stop', 'return text\\([^\\n]*');
  expect(output).toMatch(
    new RegExp(`^\\[1\\] GET /stop\\?you\\n${stop}\\(Pdb\\) p 'one', name\\n\\('one', 'you'\\)\\n\\(Pdb\\) $`),
  );
}

async function finish(terminal: Terminal, stopped: ReturnType<typeof requested>): Promise<void> {
  await command(terminal, " and more'", /'half and more'\n\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'Hello, you!\n' });
}

test('detach keys leave the prompt to `attach`, the half-typed line included', async () => {
  const first = await project.up();
  const stopped = await atHalfLine(first);
  first.type(key.detach);
  await first.until(/Still running: `wsgi-dev attach` comes back/);
  const { code, modesBefore, modesAfter } = await first.ended;
  expect({ code, modesAfter }).toEqual({ code: 0, modesAfter: modesBefore });
  expect(running()).toBe('running');
  const second = await project.terminal(['attach']);
  await comesBack(second);
  await finish(second, stopped);
});

test('`up --debug` again comes back as well', async () => {
  const first = await project.up();
  const stopped = await atHalfLine(first);
  first.type(key.detach);
  await first.ended;
  const second = await project.terminal(['up', '--debug', '--port', '0']);
  await second.until(/Running: http:\S+ [\s\S]*\n\(Pdb\) p 'half$/);
  await finish(second, stopped);
});

test('kill -9 of the client leaves the prompt', async () => {
  const first = await project.up();
  const stopped = await atHalfLine(first);
  process.kill(first.pid, 'SIGKILL');
  expect(await first.ended).toMatchObject({ code: 137 });
  const second = await project.terminal(['attach']);
  await comesBack(second);
  await finish(second, stopped);
});

test('a closed window leaves the prompt', async () => {
  const first = await project.up();
  const stopped = await atHalfLine(first);
  first.close();
  await gone(first.pid);
  expect(running()).toBe('running');
  const second = await project.terminal(['attach']);
  await comesBack(second);
  await finish(second, stopped);
});

test('SIGHUP alone leaves it too, and restores the terminal', async () => {
  const first = await project.up();
  const stopped = await atHalfLine(first);
  process.kill(first.pid, 'SIGHUP');
  const { code, modesBefore, modesAfter } = await first.ended;
  expect({ code, modesAfter }).toEqual({ code: 0, modesAfter: modesBefore });
  const second = await project.terminal(['attach']);
  await comesBack(second);
  await finish(second, stopped);
});

test('a second terminal sees the stop; the first is shown nothing twice, and both go on', async () => {
  const first = await project.up();
  const stopped = await atHalfLine(first);
  const second = await project.terminal(['attach']);
  await comesBack(second);
  second.type(" and more'\r");
  await second.until(/'half and more'\n\(Pdb\) $/);
  await first.until(/ and more'\n'half and more'\n\(Pdb\) $/);
  expect(first.screen.text().match(/->\s+return text/g)).toHaveLength(1);
  expect(first.screen.text().match(/\('one', 'you'\)/g)).toHaveLength(1);
  first.type('c\r');
  expect(await stopped.response).toMatchObject({ status: 200 });
  await second.until(/"GET \/stop\?you[^\n]* 200/);
});

test('attached while no request runs, and while one does', async () => {
  const first = await project.up();
  first.type(key.detach);
  await first.ended;
  const second = await project.terminal(['attach']);
  await second.until(/Attached to [^\n]*\n/);
  expect(await project.get('/plain?1')).toMatchObject({ status: 200 });
  await second.until(/"GET \/plain\?1 /);
  const busy = requested(project, '/busy');
  await second.until(/busy now\n/);
  second.type(key.detach);
  expect(await second.ended).toMatchObject({ code: 0 });
  const third = await project.terminal(['attach']);
  await third.until(/Attached to [^\n]*\n/);
  third.type(key.ctrlC);
  await third.until(/> \/app\/wsgi\.py\(\d+\)busy\(\)[\s\S]*\(Pdb\) $/);
  await command(third, 'q', /"GET \/busy/);
  expect(await busy.response).toMatchObject({ status: 500 });
});

test('a lone Ctrl-P is readline’s: alone after a while, or with the next key', async () => {
  const terminal = await project.up();
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(terminal, "p 'the first'", /'the first'\n\(Pdb\) $/);
  await command(terminal, "p 'second'", /'second'\n\(Pdb\) $/);
  terminal.type(key.ctrlP);
  await terminal.until(/p 'second'$/);
  terminal.type(`${key.ctrlP} `);
  await terminal.until(/st' $/);
  terminal.type(key.ctrlC);
  await terminal.until(PROMPT);
  terminal.type(`${key.ctrlP}${key.ctrlP}\r`);
  await terminal.until(/'the first'\n\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
});

test('--detach-keys changes the keys, and the usual ones are then readline’s', async () => {
  const terminal = await project.up(['--detach-keys', 'ctrl-x,d']);
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(terminal, "p 'first'", /'first'\n\(Pdb\) $/);
  terminal.type(key.ctrlP);
  await terminal.until(/p 'first'$/);
  terminal.type(`${key.ctrlC}`);
  await terminal.until(PROMPT);
  await command(terminal, "p 'd'", /'d'\n\(Pdb\) $/);
  terminal.type('\x18d');
  expect(await terminal.ended).toMatchObject({ code: 0 });
  expect(running()).toBe('running');
  const second = await project.terminal(['attach', '--detach-keys', 'ctrl-\\']);
  await second.until(/'d'\n\(Pdb\) $/);
  second.type('\x1c');
  expect(await second.ended).toMatchObject({ code: 0 });
  const third = await project.terminal(['attach']);
  await third.until(/'d'\n\(Pdb\) $/);
  await goOn(third, stopped);
});

test('attach with nothing to attach to says what to do', async () => {
  const terminal = await project.terminal(['attach']);
  await terminal.until(/is not running\n\s+Start it with `wsgi-dev up`/);
  expect(await terminal.ended).toMatchObject({ code: 1 });
});
