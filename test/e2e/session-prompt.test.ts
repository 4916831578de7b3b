import { beforeAll, beforeEach, expect, test } from 'vitest';
import { command, goOn, PROMPT, sourceAt, stoppedAt } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const project = useProject();
let terminal: Terminal;

beforeAll(async () => {
  terminal = await project.up();
});

// Each test leaves an idle server.
beforeEach(() => terminal.until(/[\s\S]*$/));

test('breakpoint() stops at a prompt with the locals, and `c` sends the response', async () => {
  const stopped = project.get('/stop?you');
  await terminal.until(new RegExp(sourceAt('wsgi\\.py\\(\\d+\\)stop', 'return text\\([^\\n]*')));
  await terminal.until(PROMPT);
  await command(terminal, 'p name', /'you'\n\(Pdb\) $/);
  terminal.type('c\r');
  expect(await stopped).toEqual({ status: 200, body: 'Hello, you!\n' });
  await terminal.until(/"GET \/stop\?you HTTP\/1.1" 200 12 bytes/);
});

test('arrow keys recall and edit lines', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(terminal, "p 'one'", /'one'\n\(Pdb\) $/);
  await command(terminal, "p 'two'", /'two'\n\(Pdb\) $/);
  terminal.type(key.up + key.up);
  await terminal.until(/p 'one'$/);
  terminal.type(`${key.left}${key.left}-more${key.enter}`);
  await terminal.until(/'on-moree'\n\(Pdb\) $/);
  await goOn(terminal, stopped);
});

test('the history outlives the server', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(terminal, "p 'kept for later'", /'kept for later'\n\(Pdb\) $/);
  await goOn(terminal, stopped);
  await project.run(['restart']);
  const again = await stoppedAt(project, terminal, '/stop');
  terminal.type(key.up + key.up);
  await terminal.until(/p 'kept for later'$/);
  terminal.type(key.ctrlC);
  await terminal.until(PROMPT);
  await goOn(terminal, again);
});

test('Tab completes names', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop');
  terminal.type(`p envi${key.tab}`);
  await terminal.until(/p environ$/);
  terminal.type('["REQUEST_METHOD"]\r');
  await terminal.until(/'GET'\n\(Pdb\) $/);
  await goOn(terminal, stopped);
});

test('é is typed, printed and kept whole', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(terminal, 'print("née", len("é"))', /"é"\)\)\nnée 1\n\(Pdb\) $/);
  await goOn(terminal, stopped);
});

test('Ctrl-C at the prompt cancels the line', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop');
  terminal.type('half a li');
  await terminal.until(/half a li$/);
  terminal.type(key.ctrlC);
  await terminal.until(PROMPT);
  await command(terminal, "p 'whole'", /'whole'\n\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
});

test('interact takes statements of several lines, and Ctrl-C and Ctrl-D there are its own', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop?there');
  await command(terminal, 'interact', />>> $/);
  await command(terminal, 'for number in range(2):', /\.\.\. $/);
  await command(terminal, '    print(number, name)', /\.\.\. $/);
  await command(terminal, '', /0 there\n1 there\n>>> $/);
  terminal.type(`half${key.ctrlC}`);
  await terminal.until(/KeyboardInterrupt\n>>> $/);
  terminal.type(key.ctrlD);
  await terminal.until(PROMPT);
  expect(await goOn(terminal, stopped)).toMatchObject({ status: 200, body: 'Hello, there!\n' });
});

test('w, u, d, l, n and s show and walk the application', async () => {
  const stopped = await stoppedAt(project, terminal, '/nested?Ann');
  await command(
    terminal,
    'w',
    /wsgi\.py\(\d+\)nested\(\)[\s\S]*library\.py\(\d+\)outer\(\)[\s\S]*> \/app\/library\.py\(\d+\)inner\(\)[\s\S]*\(Pdb\) $/,
  );
  await command(terminal, 'u', /> \/app\/library\.py\(\d+\)outer\(\)\n-> return inner\(greeting\)\n\(Pdb\) $/);
  await command(terminal, 'p name', /'Ann'\n\(Pdb\) $/);
  await command(terminal, 'd', /inner\(\)\n-> loud = greeting\.upper\(\)\n\(Pdb\) $/);
  await command(terminal, 'l', /->\s+loud = greeting\.upper\(\)\n[\s\S]*\(Pdb\) $/);
  await command(terminal, 'n', /-> return loud\n\(Pdb\) $/);
  await command(terminal, 'p loud', /'DEAR ANN'\n\(Pdb\) $/);
  await command(
    terminal,
    's',
    /--Return--\n> \/app\/library\.py\(\d+\)inner\(\)->'DEAR ANN'\n-> return loud\n\(Pdb\) $/,
  );
  await command(terminal, 's', /--Return--\n> \/app\/library\.py\(\d+\)outer\(\)[\s\S]*\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'DEAR ANN\n' });
});

test.each(['n', 's', 'r'])('`%s` past the end of the application does not lead into the server', async (step) => {
  const { response } = await stoppedAt(project, terminal, '/stop');
  const before = terminal.screen.text().length;
  let over = false;
  for (let steps = 0; steps < 40 && !over; steps += 1) {
    terminal.type(`${step}\r`);
    const [shown] = await terminal.until(/\(Pdb\) $|"GET [^\n]*ms\n/);
    over = shown !== '(Pdb) ';
  }
  expect(await response).toMatchObject({ status: 200 });
  expect(terminal.screen.text().slice(before)).not.toMatch(/wsgi-dev\/wsgi_dev_runner|middleware/);
});

test('a breakpoint set at the prompt holds in later requests, and cl takes it away', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(terminal, 'b library.py:8', /Breakpoint \d+ at \/app\/library\.py:8\n\(Pdb\) $/);
  await goOn(terminal, stopped);
  for (const name of ['Bea', 'Cid']) {
    const response = project.get(`/nested?${name}`);
    await terminal.until(
      new RegExp(`${sourceAt('library\\.py\\(8\\)outer', 'return inner\\(greeting\\)')}\\(Pdb\\) $`),
    );
    await command(terminal, 'p name', new RegExp(`'${name}'\\n\\(Pdb\\) $`));
    await command(terminal, 'c', /> \/app\/library\.py\(\d+\)inner\(\)[\s\S]*\(Pdb\) $/);
    if (name === 'Cid') {
      terminal.type('cl\r');
      await terminal.until(/Clear all breaks\? /);
      await command(terminal, 'y', PROMPT);
    }
    await goOn(terminal, { response });
  }
  const last = await stoppedAt(project, terminal, '/nested?Dan');
  await command(terminal, 'p loud', /NameError[\s\S]*\(Pdb\) $/);
  await goOn(terminal, last);
});

test.each(['q', 'exit', key.ctrlD])('%j ends the request with a 500, and the server stays', async (way) => {
  const { response } = await stoppedAt(project, terminal, '/stop');
  terminal.type(way === key.ctrlD ? way : `${way}\r`);
  expect(await response).toEqual({ status: 500, body: 'This request was quit in the debugger.\n' });
  await terminal.until(/"GET \/stop HTTP\/1.1" 500/);
  expect(await project.get('/plain?1')).toEqual({ status: 200, body: 'plain 1\n' });
});

test('quitting a body before its first part is a 500', async () => {
  const { response } = await stoppedAt(project, terminal, '/early');
  terminal.type('q\r');
  expect(await response).toEqual({ status: 500, body: 'This request was quit in the debugger.\n' });
  expect(await project.get('/plain?2')).toMatchObject({ status: 200 });
});

test('quitting half-way through a body breaks the response off, and the server stays', async () => {
  const { response } = await stoppedAt(project, terminal, '/generator');
  terminal.type('q\r');
  await expect(response).rejects.toThrow(/aborted|hang up|ECONNRESET/);
  expect(await project.get('/plain?3')).toMatchObject({ status: 200 });
});

test('a generator body stops and goes on', async () => {
  const stopped = await stoppedAt(project, terminal, '/generator');
  expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'first\nsecond\n' });
});

test.each([
  ['sys.stdout is sys.stderr', 'stdout_away', 'stdout\n'],
  ['sys.stdin is another file', 'stdin_away', 'stdin\n'],
  ['descriptors 0 and 1 are taken away', 'descriptors_away', 'descriptors\n'],
])('a breakpoint where %s has its prompt on the terminal', async (_title, path, body) => {
  const stopped = await stoppedAt(project, terminal, `/${path}`);
  await command(terminal, "p environ['PATH_INFO']", new RegExp(`'/${path}'\\n\\(Pdb\\) $`));
  terminal.type(`p envi${key.tab}`);
  await terminal.until(/p environ$/);
  terminal.type(key.ctrlC);
  await terminal.until(PROMPT);
  expect(await goOn(terminal, stopped)).toEqual({ status: 200, body });
});

test('an event without the nonce is the program’s and passes unchanged; the runner’s own never reach the screen', async () => {
  await project.get('/forged');
  await terminal.until(/beforeafter/);
  const raw = terminal.screen.raw();
  expect(raw).toContain('before\x1b]7117;0123456789abcdef01234567;eyJldmVudCI6ImV4aXQifQ\x07after');
  expect(raw.split('\x1b]7117;')).toHaveLength(2);
});

test('5 MB printed at the prompt arrive whole, and the prompt after them works', async () => {
  const stopped = await stoppedAt(project, terminal, '/flood');
  const before = terminal.screen.raw().length;
  terminal.type('for line in lines: print(line)\r');
  await terminal.until(/049999 x{92}\n\(Pdb\) $/);
  const printed = terminal.screen
    .raw()
    .slice(before)
    .match(/^\d{6} x{92}\r$/gm);
  expect(printed?.map((line) => Number(line.slice(0, 6)))).toEqual(Array.from({ length: 50_000 }, (_, at) => at));
  await command(terminal, 'p len(lines)', /50000\n\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
});

test('an exception of the application stops there, is in the log, and the server stays', async () => {
  const stopped = await stoppedAt(project, terminal, '/fails');
  terminal.type('c\r');
  expect(await stopped.response).toMatchObject({ status: 500 });
  await terminal.until(/ValueError: the application's own/);
  expect(await project.get('/plain?4')).toMatchObject({ status: 200 });
});

test('an Apache killed by the application is started again', async () => {
  const again = project.nextReady();
  await expect(project.get('/crash')).rejects.toThrow();
  await terminal.until(
    /wsgi-dev: Apache was ended by SIGSEGV in \[\d+\] GET \/crash\n[\s\S]*wsgi-dev: starting it again\n/,
  );
  await again;
  expect(await project.get('/plain?5')).toMatchObject({ status: 200, body: 'plain 5\n' });
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(terminal, "p 'alive'", /'alive'\n\(Pdb\) $/);
  await goOn(terminal, stopped);
});
