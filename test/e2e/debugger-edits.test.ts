import {
  chownSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { command, goOn, requested } from '../helpers/prompt.ts';
import type { Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const versions = (process.env.WSGI_DEV_TEST_PYTHONS ?? '3.11').split(',');
const FILES = 200;

const SCRIPT = `
import os
import edition
from lib import *

with open("/app/loads.txt", "a") as file:
    file.write("x")

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [answer(edition.NUMBER).encode()]

def answer(number):
    text = str(number)
    return f"edition {text}"
`;

describe.each(versions)('edits in debug mode on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;
  let edition = 0;
  const path = (name: string): string => join(project.directory, name);
  const loads = (): number => readFileSync(path('loads.txt'), 'utf8').length;
  const next = (): string => {
    edition += 1;
    return `NUMBER = ${edition}\n`;
  };

  /** Saves in some way and waits until that is loaded; how often the application was loaded for it. */
  async function after(save: () => void): Promise<number> {
    const before = loads();
    const again = project.nextReady();
    save();
    await again;
    expect(await project.get('/')).toEqual({ status: 200, body: `edition ${edition}` });
    return loads() - before;
  }

  beforeAll(async () => {
    mkdirSync(path('lib'));
    chownSync(path('lib'), 1234, 1234);
    project.write('lib/__init__.py', '');
    project.write('loads.txt', '');
    project.write('edition.py', next());
    project.write('wsgi.py', SCRIPT);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: wsgi.py\npython: "${python}"\n`);
    await project.build();
    terminal = await project.up(['--no-post-mortem']);
  }, 400_000);
  beforeEach(() => terminal.until(/[\s\S]*$/));
  afterAll(() => project.clear());

  test.each<[string, () => void]>([
    [
      'another renamed over it',
      () => {
        project.write('edition.py.tmp', next());
        renameSync(path('edition.py.tmp'), path('edition.py'));
      },
    ],
    [
      'truncated and written in parts',
      () => {
        const file = openSync(path('edition.py'), 'r+');
        ftruncateSync(file);
        for (const part of next()) writeSync(file, part);
        closeSync(file);
      },
    ],
    [
      'vim: a trial file, the old one moved aside, a new one, the old one gone',
      () => {
        project.write('4913', '');
        rmSync(path('4913'));
        renameSync(path('edition.py'), path('edition.py~'));
        project.write('edition.py', next());
        rmSync(path('edition.py~'));
      },
    ],
    [
      'a lock beside it, as Emacs',
      () => {
        project.write('.#edition.py', '');
        project.write('edition.py', next());
        rmSync(path('.#edition.py'));
      },
    ],
  ])('a file saved by %s is loaded once', async (_way, save) => {
    expect(await after(save)).toBe(1);
  });

  test(`${FILES} files, as by git checkout, are one edit`, async () => {
    const count = await after(() => {
      for (let file = 0; file < FILES; file += 1) project.write(`lib/m${file}.py`, `AT = ${file}\n`);
      project.write('edition.py', next());
    });
    expect(count).toBe(1);
    await terminal.until(/wsgi-dev: [^\n]* and \d+ more changed|wsgi-dev: [^\n]* changed/);
  });

  test('templates and other files are no source', async () => {
    const before = loads();
    for (const name of ['page.html', 'style.css', 'data.json', 'notes.txt']) project.write(name, 'new\n');
    expect(await after(() => project.write('edition.py', next()))).toBe(1);
    expect(loads()).toBe(before + 1);
  });

  test('a new directory with modules in it is seen, and so are later saves there', async () => {
    mkdirSync(path('fresh/inner'), { recursive: true });
    project.write('fresh/__init__.py', '');
    project.write('fresh/inner/__init__.py', 'EXTRA = 1\n');
    await terminal.until(/wsgi-dev: fresh\/[^\n]* changed/);
    await terminal.until(/ready again/);
    const again = project.nextReady();
    project.write('fresh/inner/__init__.py', 'EXTRA = 2\n');
    await terminal.until(/wsgi-dev: fresh\/inner\/__init__\.py changed/);
    await again;
  });

  test('an application that writes modules as it loads is loaded a few times, and not for ever', async () => {
    const writes = 'import time\nopen("/app/generated.py", "w").write(f"AT = {time.time()}")\n';
    const before = loads();
    project.write('edition.py', `${writes}${next()}`);
    const [shown] = await terminal.until(/edition\.py changed[\s\S]*?ready again/);
    // Each time it is begun anew at once, so that most don't come to their end.
    expect(shown.match(/generated\.py changed/g)?.length).toBeLessThanOrEqual(3);
    expect(await project.get('/')).toEqual({ status: 200, body: `edition ${edition}` });
    expect(loads() - before).toBeLessThanOrEqual(4);
    expect(await after(() => project.write('edition.py', next()))).toBe(1);
  });

  test('what b sets at the prompt holds after an edit: a line by its number, a function where it is then', async () => {
    await after(() => project.write('lib/place.py', 'def first():\n    return 1\n'));
    await after(() => project.write('edition.py', `import lib.place\n${next()}`));
    const stopping = SCRIPT.replace('    start_response', '    breakpoint()\n    start_response');
    project.write('wsgi.py', stopping);
    const stopped = requested(project, '/');
    await terminal.until(/\(Pdb\) $/);
    await command(terminal, 'b answer', /Breakpoint \d+ at \/app\/wsgi\.py:1[45]\n\(Pdb\) $/);
    await command(terminal, 'b lib/place.py:2, 1 == 1', /Breakpoint \d+ at \/app\/lib\/place\.py:2\n\(Pdb\) $/);
    await command(terminal, 'c', /wsgi\.py\(15\)answer\(\)[\s\S]*\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
    const again = project.nextReady();
    project.write('wsgi.py', SCRIPT.replace('def answer', '\n\n\ndef answer'));
    project.write('edition.py', next());
    await again;
    const once = requested(project, '/');
    await terminal.until(/wsgi\.py\(17\)answer\(\)[\s\S]*\(Pdb\) $/);
    await command(terminal, 'b', /wsgi\.py:16\n[\s\S]*lib\/place\.py:2\n[\s\S]*stop only if 1 == 1[\s\S]*\(Pdb\) $/);
    await command(terminal, 'cl', /Clear all breaks\?/);
    await command(terminal, 'y', /\(Pdb\) $/);
    expect(await goOn(terminal, once)).toEqual({ status: 200, body: `edition ${edition}` });
    expect(await after(() => project.write('edition.py', next()))).toBe(1);
  });
});
