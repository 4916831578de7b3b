import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { command, PROMPT, requested, sourceAt } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/stop.py'), 'utf8');
const FORM = 'item=a+secret&qty=2&item=3&the+note=%C3%A9&flag';
const MULTIPART = [
  ['name="user"', 'a secret'],
  ['filename="name=x.txt"; name="upload"', 'item=1'],
]
  .map(([about, value]) => `--limit\r\nContent-Disposition: form-data; ${about}\r\n\r\n${value}\r\n`)
  .join('')
  .concat('--limit--\r\n');
const URLENCODED = 'application/x-www-form-urlencoded';

interface Post {
  readonly path: string;
  readonly body: string;
  readonly type?: string;
  readonly agent?: string;
}

describe.each(['3.9', '3.11', '3.14'])('on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;

  beforeAll(async () => {
    project.write('stop.py', SOURCE);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: stop.py\npython: "${python}"\n`);
    await project.build();
    terminal = await project.up();
  }, 600_000);
  afterAll(() => project.clear());
  beforeEach(() => terminal.until(/[\s\S]*$/));

  /** A client that sends its header and the first `first` characters of its body. */
  function post({ path, body, type = URLENCODED, agent }: Post, first = body.length): Socket {
    const socket = connect(Number(new URL(project.url()).port), '127.0.0.1');
    const head = [
      `POST ${path} HTTP/1.0`,
      `Content-Type: ${type}`,
      `Content-Length: ${body.length}`,
      ...(agent === undefined ? [] : [`User-Agent: ${agent}`]),
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, first)}`);
    return socket;
  }

  /** Stops, checks that the request is introduced by one of `lines` with the source behind it, and that its body is whole. */
  async function introduces(request: Post, ...lines: readonly string[]): Promise<void> {
    const socket = post(request);
    const [shown] = await terminal.until(/[\s\S]*?\(Pdb\) $/);
    await answersWhole(socket, request.body);
    expect(shown.split('\n')[0]).toMatch(/^\[\d+\] /);
    expect(lines).toContain(shown.split('\n')[0]?.replace(/^\[\d+\] /, ''));
    const name = /^\/(\w+)/.exec(request.path)?.[1];
    expect(shown).toMatch(new RegExp(`\\n${sourceAt(`stop\\.py\\(\\d+\\)${name}`, '[^\\n]*')}\\(Pdb\\) $`));
    expect(shown).not.toContain('a secret');
  }

  async function answersWhole(socket: Socket, body: string): Promise<void> {
    terminal.type('c\r');
    expect(await text(socket)).toMatch(new RegExp(`${body.length} ${createHash('md5').update(body).digest('hex')}\n$`));
    await terminal.until(/"POST [^\n]*ms\n/);
  }

  test.each(['unread', 'half', 'whole', 'lines', 'checked'])(
    'a form whose body the application reads as `%s`: its names, never its values, and the body stays whole',
    async (path) => {
      await introduces(
        { path: `/${path}?x=1&y=2`, body: FORM, agent: 'curl/8.5.0' },
        `POST /${path}?x=1&y=2 (form: item, qty, the note, flag; curl/8.5.0)`,
      );
    },
  );

  test('a form of several parts', async () => {
    await introduces(
      { path: '/unread', body: MULTIPART, type: 'multipart/form-data; boundary="limit"' },
      'POST /unread (form: user, upload)',
    );
  });

  test('one of 60 KB; a longer one, and what is no form, are left alone', async () => {
    const large = `first=${'x'.repeat(30_000)}&second=${'y'.repeat(30_000)}`;
    await introduces({ path: '/whole', body: large }, 'POST /whole (form: first, second)');
    // It may still be under way when the application begins.
    const [some, most] = ['POST /unread (form: first, …)', 'POST /unread (form: first, second, …)'];
    await introduces({ path: '/unread', body: large }, 'POST /unread (form: first, second)', some, most);
    await introduces({ path: '/unread', body: `${large}&third=${'z'.repeat(6_000)}` }, 'POST /unread');
    await introduces({ path: '/unread', body: '{"a": 1}', type: 'application/json' }, 'POST /unread');
  });

  test.each([
    ['unread', 12, 'form: item, …'],
    ['unread', 17, 'form: item, qty, …'],
    ['unread', 0, 'form: …'],
    ['half', 17, 'form: item, qty, …'],
  ])('a client that is slow with its body holds up no prompt: %s, %d characters', async (path, first, about) => {
    const body = 'item=12345&qty=2&later=3';
    const socket = post({ path: `/${path}`, body }, first);
    await terminal.until(new RegExp(`\\] POST /${path} \\(${about}\\)\\n`));
    await terminal.until(PROMPT);
    await command(terminal, 'p len(globals())', /\n\d+\n\(Pdb\) $/);
    socket.write(body.slice(first));
    await answersWhole(socket, body);
  });

  test('a client is told by its name, and can neither move the cursor nor fill the screen', async () => {
    const chrome =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
    await introduces({ path: '/unread', body: '', agent: chrome }, 'POST /unread (Chrome/131.0.0.0)');
    const long = `bot/1 ${'x'.repeat(100)}`;
    await introduces({ path: '/unread', body: '', agent: long }, `POST /unread (${long.slice(0, 59)}…)`);
    await introduces({ path: '/unread/%C3%A9%1B[2J', body: '%1b[2J=1' }, 'POST /unread/é\\x1b[2J (form: \\x1b[2J)');
  });

  test('a step shows its one line', async () => {
    const socket = post({ path: '/unread', body: FORM });
    await terminal.until(PROMPT);
    await command(terminal, 'n', /^n\n> \/app\/stop\.py\(\d+\)unread\(\)\n-> [^\n]*\n\(Pdb\) $/);
    await answersWhole(socket, FORM);
  });

  test('Ctrl-C brings the source too', async () => {
    const { response } = requested(project, '/busy');
    await terminal.until(/busy now\n/);
    terminal.type(key.ctrlC);
    await terminal.until(new RegExp(`\\] GET /busy\\n${sourceAt('stop\\.py\\(\\d+\\)busy', '[^\\n]*')}\\(Pdb\\) $`));
    await command(terminal, 'going = False');
    terminal.type('c\r');
    expect(await response).toMatchObject({ status: 200 });
  });
});
