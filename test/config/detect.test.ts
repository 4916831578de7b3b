import { describe, expect, it } from 'vitest';
import { detectApp } from '../../src/config/detect.ts';
import { scanModule } from '../../src/config/python.ts';

const app = 'app = Flask(__name__)\n';
const factory = 'def create_app():\n    return Flask(__name__)\n';
const manage = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
const djangoWsgi = 'application = get_wsgi_application()\n';

function detect(files: Readonly<Record<string, string>>) {
  return detectApp(Object.entries(files).map(([path, text]) => ({ path, text })));
}

function found(files: Readonly<Record<string, string>>): string {
  const result = detect(files);
  if (!('target' in result)) return 'fault';
  const { target } = result;
  return `${target.kind === 'module' ? target.module : target.path}:${target.callable}${target.factory ? '()' : ''}`;
}

it.each<readonly [string, Readonly<Record<string, string>>, string]>([
  ['Django', { 'manage.py': manage, 'shop/wsgi.py': djangoWsgi }, 'shop.wsgi:application'],
  ['Django before Flask', { 'manage.py': manage, 'shop/wsgi.py': djangoWsgi, 'app.py': app }, 'shop.wsgi:application'],
  [
    'Django, settings package',
    {
      'manage.py': manage.replace('shop.', 'shop.settings.').replace('settings.settings', 'settings.dev'),
      'shop/wsgi.py': djangoWsgi,
    },
    'shop.wsgi:application',
  ],
  [
    'Django, WSGI_APPLICATION elsewhere',
    {
      'manage.py': manage,
      'shop/settings.py': "WSGI_APPLICATION = 'web.wsgi.handler'\n",
      'web/wsgi.py': 'handler = 1\n',
    },
    'web.wsgi:handler',
  ],
  [
    'Django, WSGI_APPLICATION in the base settings',
    {
      'manage.py': manage.replace('shop.settings', 'conf.settings.dev'),
      'conf/settings/dev.py': 'from .base import *\n',
      'conf/settings/base.py': "WSGI_APPLICATION = 'conf.deep.wsgi.application'\n",
    },
    'conf.deep.wsgi:application',
  ],
  [
    'a commented setting',
    { 'manage.py': `# ${manage.split('\n')[1]}\n`, 'shop/wsgi.py': djangoWsgi, 'app.py': app },
    'app:app',
  ],
  ['wsgi.py', { 'wsgi.py': 'application = 1\n' }, 'wsgi:application'],
  ['a script', { 'shop.wsgi': 'application = 1\n' }, 'shop.wsgi:application'],
  ['wsgi.py over app.py', { 'wsgi.py': 'application = 1\n', 'app.py': app }, 'wsgi:application'],
  [
    'a script importing wsgi.py',
    { 'x.wsgi': 'from wsgi import application\n', 'wsgi.py': 'application = 1\n' },
    'x.wsgi:application',
  ],
  ['app.py', { 'app.py': app }, 'app:app'],
  ['a factory', { 'app.py': factory }, 'app:create_app()'],
  ['app over factory', { 'app.py': `${factory}app = create_app()\n` }, 'app:app'],
  ['application over app', { 'app.py': 'app = Flask()\napplication = app\n' }, 'app:application'],
  ['main importing app', { 'main.py': 'from app import app\n', 'app.py': app }, 'main:app'],
  ['a package', { 'shop/__init__.py': factory }, 'shop:create_app()'],
  [
    'pkg/wsgi.py over its package',
    { 'shop/__init__.py': factory, 'shop/wsgi.py': 'from . import create_app\napp = create_app()\n' },
    'shop.wsgi:app',
  ],
  [
    'from a package a module',
    { 'main.py': 'from shop import app\n', 'shop/__init__.py': '', 'shop/app.py': app },
    'fault',
  ],
  [
    'Procfile gunicorn',
    { Procfile: 'web: gunicorn -w 4 -b 0.0.0.0:$PORT shop.web:app --log-file -\n' },
    'shop.web:app',
  ],
  [
    'Procfile factory',
    { Procfile: "web: gunicorn 'shop:create_app()'\n", 'shop/__init__.py': factory },
    'shop:create_app()',
  ],
  ['Procfile waitress --call', { Procfile: 'web: waitress-serve --port=$PORT --call shop:make\n' }, 'shop:make()'],
  [
    'Procfile uwsgi',
    { Procfile: 'web: uwsgi --http :$PORT --module=shop.wsgi:application\n' },
    'shop.wsgi:application',
  ],
  ['Procfile, module only', { Procfile: 'web: gunicorn wsgi\n', 'wsgi.py': app }, 'wsgi:app'],
  [
    'Procfile and its own file agree',
    { Procfile: 'web: gunicorn wsgi:app\n', 'wsgi.py': 'app = application = 1\n' },
    'wsgi:app',
  ],
  ['Procfile elsewhere', { Procfile: 'web: cd src && gunicorn x:app\n', 'app.py': app }, 'app:app'],
  [
    'Procfile with an ASGI worker',
    { Procfile: 'web: gunicorn -k uvicorn.workers.UvicornWorker main:app\n', 'main.py': 'app = make()\n' },
    'fault',
  ],
  [
    'an ASGI application beside a WSGI one',
    { 'main.py': 'app = FastAPI()\n', 'wsgi.py': 'application = 1\n' },
    'wsgi:application',
  ],
  ['the App of Falcon', { 'app.py': 'import falcon\napp = falcon.App()\n' }, 'app:app'],
  ['another App is none', { 'main.py': 'from slack_bolt import App\napp = App()\n', 'app.py': app }, 'app:app'],
  ['Celery is none', { 'main.py': "app = Celery('x')\n", 'app.py': app }, 'app:app'],
  ['a factory that needs arguments', { 'app.py': 'def create_app(config):\n    pass\n' }, 'fault'],
  [
    'a factory with defaults',
    { 'app.py': 'def create_app(config=None, *args, **kw) -> Flask:\n    pass\n' },
    'app:create_app()',
  ],
  ['two apps', { 'app.py': app, 'main.py': app }, 'fault'],
  ['nothing', {}, 'fault'],
])('%s', (_, files, expected) => {
  expect(found(files)).toBe(expected);
});

describe('names in a file', () => {
  it.each<readonly [string, string, boolean]>([
    ['assignment', 'app = 1', true],
    ['annotated', 'app: Flask = Flask()', true],
    ['annotation only', 'app: Flask', false],
    ['def', 'def app(environ, start_response):\n    return []', true],
    ['class', 'class app:\n    pass', true],
    ['from import', 'from x import app', true],
    ['from import as', 'from x import app as application', true],
    ['from import in brackets', 'from x import (\n    other,\n    app,  # here\n)', true],
    ['import as', 'import x as application', true],
    ['import of a module named app', 'import app', false],
    ['chained', 'application = app = Flask()', true],
    ['tuple', 'app, db = make()', true],
    ['after a semicolon', 'import x; app = x.make()', true],
    ['comparison', 'app == 1', false],
    ['attribute', 'app.debug = True', false],
    ['in a docstring', '"""\napp = 1\n"""', false],
    ['in a string with escapes', "x = '''\\'''\napp = 1\n'''", false],
    ['in a comment', '# app = 1', false],
    ['in a function', 'def f():\n    app = 1', false],
    ['in a class', 'class A:\n    application = 1', false],
    ['in a call at column 0', 'f(\napp = 1,\n)', false],
    ['in try', 'try:\n    from x import app\nexcept ImportError:\n    app = None', true],
    ['in if', 'if TYPE_CHECKING:\n    app = 1', true],
    ['two levels down', 'if a:\n    if b:\n        app = 1', false],
    ['under __main__', 'if __name__ == "__main__":\n    app = 1', false],
    ['after a triple-quoted f-string', 'x = f"""{a}\n"""\napp = 1', true],
    ['after a hash in a string', 'x = "#"; app = 1', true],
    ['with CRLF', 'import x\r\napp = 1\r\n', true],
    ['with a BOM', '\uFEFFapp = 1', true],
    ['continued line', 'x = 1 + \\\napp', false],
  ])('%s', (_, text, expected) => {
    expect('target' in detect({ 'app.py': text })).toBe(expected);
  });

  it('is quick on large and odd files', () => {
    const started = performance.now();
    for (const piece of ['x = (', 'app, ', 'a = ', '"', "'''", '\\\n', '[1, 2], ', '    ', 'from a import ']) {
      scanModule(piece.repeat(Math.floor(100_000 / piece.length)));
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('what a person reads', () => {
  it('names the others in a notice', () => {
    expect(detect({ 'wsgi.py': 'application = 1\n', 'app.py': app })).toMatchObject({
      notice: 'Using wsgi.py:application (also found app.py:app; --app decides)',
    });
  });

  it('says nothing of what the chosen one imports', () => {
    expect(detect({ 'wsgi.py': 'from app import app\n', 'app.py': app })).toMatchObject({ notice: undefined });
  });

  it.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
    ['several', { 'app.py': app, 'main.py': factory }, ['Several', 'app.py:app', 'main.py:create_app()', '--app']],
    ['none', { 'models.py': '' }, ['No WSGI application', 'wsgi.py', 'Found: models.py', '--app module:callable']],
    ['no Python at all', {}, ['Found: no Python files']],
    ['ASGI', { 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' }, ['main.py:app is an ASGI', 'FastAPI']],
    [
      'Falcon, ASGI',
      { 'main.py': 'import falcon.asgi\napp = falcon.asgi.App()\n' },
      ['main.py:app', 'falcon.asgi.App'],
    ],
    [
      'ASGI through an import',
      { 'wsgi.py': 'from main import app\n', 'main.py': 'app = Starlette()\n' },
      ['ASGI', 'Starlette'],
    ],
    ['ASGI function', { 'app.py': 'async def app(scope, receive, send):\n    pass\n' }, ['ASGI', 'async def app']],
    ['Django below', { 'site/manage.py': manage }, ['No WSGI application', 'set `root: site`']],
  ])('%s', (_, files, parts) => {
    const result = detect(files);
    const text = 'fault' in result ? `${result.fault}\n${result.hint}` : 'found';
    for (const part of parts) expect(text).toContain(part);
  });
});
