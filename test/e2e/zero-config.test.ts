import { afterAll, describe, expect, test } from 'vitest';
import { exampleFiles, get, hello, makeProject } from '../helpers/project.ts';

/** One set of packages for all, so that they are installed once. */
const requirements = ['Flask==3.1.3', 'bottle==0.13.4', 'falcon==4.4.0', 'pyramid==2.1', ''].join('\n');

const factory = `
def create_app():
    def serve(environ, start_response):
        start_response("200 OK", [])
        return [b"hello"]
    return serve
`;
const app = hello().replace('def application', 'def app');
const flask = `
from flask import Flask

def create_app(name=__name__):
    app = Flask(name)
    app.add_url_rule("/", view_func=lambda: "hello")
    return app
`;
const bottle = `
import bottle

app = bottle.default_app()

@bottle.route("/")
def index():
    return "hello"
`;
const falcon = `
import falcon

class Index:
    def on_get(self, request, response):
        response.text = "hello"

application = falcon.App()
application.add_route("/", Index())
`;
const pyramid = `
from pyramid.config import Configurator
from pyramid.response import Response

with Configurator() as config:
    config.add_route("index", "/")
    config.add_view(lambda request: Response("hello"), route_name="index")
    app = config.make_wsgi_app()
`;

type Files = Readonly<Record<string, string>>;

/** Name, files, and whether it runs in serve or in debug mode. */
const found: readonly (readonly [string, Files, 'serve' | 'debug'])[] = [
  ['wsgi.py', { 'wsgi.py': hello() }, 'debug'],
  ['app.py with app', { 'app.py': app }, 'serve'],
  ['application.py with create_app()', { 'application.py': factory }, 'debug'],
  ['main.py', { 'main.py': hello() }, 'debug'],
  ['a *.wsgi file whose name is no module', { 'my shop.wsgi': hello() }, 'serve'],
  [
    'a *.wsgi file, its module beside it',
    { 'shop.wsgi': 'from base import app as application\n', 'base.py': app },
    'debug',
  ],
  ['Flask from a factory in a package', { 'shop/__init__.py': flask, 'requirements.txt': requirements }, 'debug'],
  ['Bottle', { 'main.py': bottle, 'requirements.txt': requirements }, 'serve'],
  ['Falcon', { 'application.py': falcon, 'requirements.txt': requirements }, 'debug'],
  ['Pyramid', { 'app.py': pyramid, 'requirements.txt': requirements }, 'serve'],
];

describe('runs without a word of configuration', () => {
  test.each(found)('%s', async (_name, files, mode) => {
    const project = makeProject(files);
    const { url } = await project.up(...(mode === 'debug' ? ['--debug'] : []));
    expect(await get(url)).toEqual({ status: 200, body: 'hello' });
  });
});

describe('the examples', () => {
  test('hello stops at its breakpoint, and its lines come from a pipe', async () => {
    const project = makeProject(exampleFiles('hello'));
    const up = project.start(['up', '--debug', '-p', '0']);
    const ready = await up.stderrSays(/Ready: http\S+/);
    const response = get(/Ready: (http\S+)/.exec(ready)?.[1] ?? '', '?name=Ada');
    await up.stdoutSays(/\(Pdb\) /);
    up.child.stdin?.end('p name\nname = "Grace"\nc\n');
    expect(await response).toEqual({ status: 200, body: 'Hello, Grace!\n' });
    expect(await up.result).toMatchObject({ code: 0, stdout: expect.stringContaining("(Pdb) p name\n'Ada'\n") });
    expect(await project.containers()).toEqual([]);
  });

  test('Flask', async () => {
    const project = makeProject(exampleFiles('flask'));
    const { url } = await project.up('--debug');
    expect(await get(url)).toMatchObject({ status: 200, body: expect.stringContaining('<li>apples: 3 each') });
    expect(await get(url, 'cart?apples=3&pears=1')).toMatchObject({
      status: 200,
      body: expect.stringContaining('"total":13'),
    });
    expect(await get(url, 'cart?plums=1')).toMatchObject({ status: 500 });
    expect(await project.up()).toMatchObject({ url, changed: ['settings'] });
    expect(await get(url)).toMatchObject({ status: 200 });
  });

  test('Django, found by its manage.py', async () => {
    const project = makeProject(exampleFiles('django'));
    const { url } = await project.up();
    expect(await get(url, '?name=Ada')).toMatchObject({ status: 200, body: expect.stringContaining('Welcome, Ada!') });
    expect(await project.run(['exec', 'python', 'manage.py', 'check'])).toMatchObject({
      code: 0,
      stdout: 'System check identified no issues (0 silenced).\n',
    });
    expect(await project.up('--debug')).toMatchObject({ url, changed: ['settings'] });
    expect(await get(url)).toMatchObject({ status: 200, body: expect.stringContaining('Welcome, stranger!') });
    expect(project.listing().filter(({ path }) => path.includes('__pycache__'))).toEqual([]);
  });
});

describe('nothing, or more than one', () => {
  test('nothing found: what was looked for, what is there, and the flag', async () => {
    const project = makeProject({ 'tool.py': 'print(1)\n' });
    const { code, stdout, stderr } = await project.run(['up', '-d']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/No WSGI application found/);
    expect(stderr).toMatch(/Looked for: .*wsgi\.py/);
    expect(stderr).toMatch(/Found: tool\.py/);
    expect(stderr).toMatch(/--app module:callable/);
    expect(await project.containers()).toEqual([]);
  });

  describe('several', () => {
    const project = makeProject({ 'app.py': app, 'main.py': hello('"main"') }, { shared: true });
    afterAll(project.remove);

    test('the list, and the flag', async () => {
      const { code, stderr } = await project.run(['up', '-d']);
      expect(code).toBe(2);
      expect(stderr).toMatch(/Several WSGI applications found/);
      expect(stderr).toMatch(/\n {2}app\.py:app\n {2}main\.py:application\n/);
      expect(stderr).toMatch(/--app 'app\.py:app'/);
    });

    test.each(['main:application', 'main.py', 'main.py:application', './main.py'])(
      '--app %s decides',
      async (target) => {
        const { url } = await project.up('--app', target);
        expect(await get(url)).toEqual({ status: 200, body: 'main' });
      },
    );

    test('another --app is an order to the running container', async () => {
      const before = await project.up('--app', 'main');
      const after = await project.up('--app', 'app:app');
      expect(after).toEqual({ ...before, changed: ['settings'] });
      expect(await get(after.url)).toEqual({ status: 200, body: 'hello' });
    });
  });

  test('a notice when others were passed over', async () => {
    const project = makeProject({ 'wsgi.py': hello(), 'main.py': hello('"main"') });
    const { code, stderr } = await project.run(['up', '--dry-run']);
    expect(code).toBe(0);
    expect(stderr).toContain('Using wsgi.py:application (also found main.py:application; --app decides)');
  });
});
