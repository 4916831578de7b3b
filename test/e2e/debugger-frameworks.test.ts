import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, requested } from '../helpers/prompt.ts';
import type { Terminal } from '../helpers/pty.ts';
import { type Response, useProject } from '../helpers/session-project.ts';

const APPS = join(import.meta.dirname, 'debugger-apps');
const REQUIREMENTS = ['Django==5.2.19', 'Flask==3.1.3', 'pyramid==2.1', 'bottle==0.13.4', 'falcon==4.4.0', ''];

interface Stop {
  readonly path: 'view' | 'template' | 'middleware' | 'answered';
  /** FILE and FUNCTION of the frame that it stops in. */
  readonly file: string;
  readonly at: string;
  readonly local: string;
  readonly headline: string;
}

const view = (file: string, at: string): Stop => ({
  path: 'view',
  file,
  at,
  local: 'in the view',
  headline: 'ValueError: view',
});
const template = (file: string, at: string, headline = 'ZeroDivisionError: '): Stop => ({
  path: 'template',
  file,
  at,
  local: 'in the template',
  headline,
});
const middleware = (file: string, at: string, local: string): Stop => ({
  path: 'middleware',
  file,
  at,
  local,
  headline: 'ValueError: middleware',
});

/** An error handler of the application's own that answers with a 503. */
const answered = (file: string, at: string): Stop => ({
  path: 'answered',
  file,
  at,
  local: 'answered as an error',
  headline: 'LookupError: answered',
});

const frameworks: readonly (readonly [string, readonly Stop[], ReadonlyMap<string, number>])[] = [
  [
    'flask_app.py',
    [
      view('flask_app.py', 'view'),
      template('<template>', 'top-level template code'),
      middleware('flask_app.py', 'check', 'in before_request'),
      answered('flask_app.py', 'answered'),
    ],
    new Map(Object.entries({ handled: 409, missing: 404, nowhere: 404, forbidden: 403, elsewhere: 302, fine: 200 })),
  ],
  [
    'django_app.py',
    [
      view('django_views.py', 'view'),
      template('django_views.py', 'broken'),
      middleware('django_views.py', '__call__', 'in the middleware'),
    ],
    new Map(Object.entries({ handled: 409, missing: 404, nowhere: 404, forbidden: 403, fine: 200 })),
  ],
  [
    'pyramid_app.py',
    [
      view('pyramid_app.py', 'view'),
      template('pyramid_app.py', '__call__', 'ValueError: template'),
      middleware('pyramid_app.py', 'outer', 'in a tween'),
      answered('pyramid_app.py', 'answered'),
    ],
    new Map(Object.entries({ handled: 409, missing: 404, nowhere: 404, forbidden: 403, elsewhere: 302, fine: 200 })),
  ],
  [
    'bottle_app.py',
    [
      view('bottle_app.py', 'view'),
      template('bottle_app.py', 'broken'),
      middleware('bottle_app.py', 'check', 'in a hook'),
    ],
    new Map(Object.entries({ missing: 404, nowhere: 404, forbidden: 403, elsewhere: 303, fine: 200 })),
  ],
  [
    'falcon_app.py',
    [
      view('falcon_app.py', 'on_get'),
      middleware('falcon_app.py', 'process_request', 'in the middleware'),
      answered('falcon_app.py', 'on_get'),
    ],
    new Map(Object.entries({ handled: 409, missing: 404, nowhere: 404, forbidden: 403, elsewhere: 302, fine: 200 })),
  ],
];

/** The number of the line that ends with `# here MARK`. */
function lineOf(file: string, mark: string): number {
  const lines = readFileSync(join(APPS, file), 'utf8').split('\n');
  return lines.findIndex((line) => line.endsWith(`# here ${mark}`)) + 1;
}

const project = useProject();

beforeAll(async () => {
  for (const file of readdirSync(APPS)) project.write(file, readFileSync(join(APPS, file), 'utf8'));
  project.write('requirements.txt', REQUIREMENTS.join('\n'));
  const { code, stderr } = await project.run(['build']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
});
afterAll(() => project.clear());

/** What the terminal shows up to the log line of one more request. */
async function logged(terminal: Terminal): Promise<string> {
  expect(await project.get('/fine')).toEqual({ status: 200, body: 'fine' });
  const [shown] = await terminal.until(/[\s\S]*"GET \/fine[^\n]*ms\n/);
  return shown;
}

/** Without the port, which some error pages show. */
async function answer(response: Promise<Response>): Promise<Response> {
  const { status, body } = await response;
  return { status, body: body.replace(/127\.0\.0\.1:\d+/g, 'HOST') };
}

const tracebacks = (log: string): number => log.split('Traceback (most recent call last)').length - 1;

describe.each(frameworks)('%s', (app, stops, passes) => {
  const without = new Map<string, readonly [Response, number]>();
  let terminal: Terminal;

  beforeAll(async () => {
    const plain = await project.up(['--app', app, '--no-post-mortem']);
    for (const { path } of stops) {
      without.set(path, [await answer(project.get(`/${path}`)), tracebacks(await logged(plain))]);
    }
    project.clear();
    terminal = await project.up(['--app', app]);
  });
  afterAll(() => project.clear());

  test.each(stops)('$path', async ({ path, file, at, local, headline }) => {
    const { response } = requested(project, `/${path}`);
    const [shown] = await terminal.until(/[\s\S]*?\(Pdb\) $/);
    expect(shown).toContain(`] GET /${path}\n${headline}`);
    const place = file === '<template>' ? '<template>(2)' : `/app/${file}(${lineOf(file, path)})`;
    expect(shown).toContain(`> ${place}${at}()`);
    await command(terminal, 'p local', new RegExp(`\\n'${local}'\\n\\(Pdb\\) $`));
    terminal.type('w\r');
    expect((await terminal.until(/[\s\S]*?\(Pdb\) $/))[0]).not.toContain('wsgi_dev_runner');
    terminal.type('c\r');
    const [wanted, count] = without.get(path) ?? [];
    expect(wanted?.status).toBeGreaterThanOrEqual(500);
    expect(await answer(response)).toEqual(wanted);
    const log = await logged(terminal);
    expect({ stops: log.split('(Pdb)').length - 1, tracebacks: tracebacks(shown + log) }).toEqual({
      stops: 0,
      tracebacks: count,
    });
  });

  test('what is raised to be a response, and what the application has a handler for, is no stop', async () => {
    const found = new Map<string, number>();
    for (const path of passes.keys()) found.set(path, (await project.get(`/${path}`)).status);
    expect(found).toEqual(passes);
    expect(await logged(terminal)).not.toContain('(Pdb)');
  });
});

describe('before a view is reached', () => {
  afterAll(() => project.clear());

  test("an exception in Django's URLconf stops at its line, at the first request", async () => {
    project.write('broken-urls', '');
    const terminal = await project.up(['--app', 'django_app.py']);
    const { response } = requested(project, '/view');
    const [shown] = await terminal.until(/[\s\S]*?\(Pdb\) $/);
    expect(shown).toContain('] GET /view\nValueError: urlconf\n');
    expect(shown).toContain(`> /app/django_urls.py(${lineOf('django_urls.py', 'urlconf')})<module>()`);
    await command(terminal, 'p local', /\n'in the URLconf'\n\(Pdb\) $/);
    terminal.type('c\r');
    expect(await response).toMatchObject({ status: 500 });
    await terminal.until(/"GET \/view[^\n]* 500 [^\n]*ms\n/);
    expect(terminal.unread()).not.toContain('(Pdb)');
  });

  test.each([
    ['an exception', 'local = "at start"\nraise ValueError("start")\n', 2, /^ValueError: start\n/],
    ['a syntax error of another module', 'local = "at start"\nimport broken\n', 2, /^SyntaxError: [^\n]*\n/],
  ])('%s at start-up stops, and then ends `up`', async (_name, source, line, headline) => {
    project.clear();
    project.write('broken.py', 'def (:\n');
    project.write('start.py', source);
    const terminal = await project.terminal(['up', '--debug', '--port', '0', '--app', 'start.py:application']);
    const [shown] = await terminal.until(/[\s\S]*?\(Pdb\) $/, 20_000);
    expect(shown).toMatch(headline);
    expect(shown).toContain(`> /app/start.py(${line})<module>()`);
    await command(terminal, 'p local', /\n'at start'\n\(Pdb\) $/);
    terminal.type('c\r');
    expect(await terminal.ended).toMatchObject({ code: 1 });
    expect(terminal.screen.text()).toContain(`start.py`);
    expect(project.container()).toBeUndefined();
  });
});
