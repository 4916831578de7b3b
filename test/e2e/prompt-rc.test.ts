import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, goOn, PROMPT, requested, stoppedAt } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

// An application that would lead pdb to other files than the person's and the project's.
const SOURCE = `
import os

with open("/tmp/.pdbrc", "w") as file:
    file.write('p "of the container"\\n')
os.makedirs("/tmp/elsewhere", exist_ok=True)
with open("/tmp/elsewhere/.pdbrc", "w") as file:
    file.write('p "of the working directory"\\n')
os.chdir("/tmp/elsewhere")


def application(environ, start_response):
    value = environ["PATH_INFO"]
    breakpoint()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [value.encode()]
`;
const HOME = `# the person's
alias where_am_i p "at", $request["PATH_INFO"], value

seen = "home"
import nowhere_to_be_found
p "home is read"
condition
`;
const PROJECT = `p "the project's, behind", seen
where_am_i
`;

describe.each(['3.9', '3.11', '3.13', '3.14'])('on Python %s', (python) => {
  const project = useProject();
  const home = mkdtempSync(join(tmpdir(), 'wsgi-dev-home-'));
  const env = { HOME: home };
  let terminal: Terminal;

  beforeAll(async () => {
    project.write('rc.py', SOURCE);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: rc.py\npython: "${python}"\n`);
    await project.build();
  }, 600_000);
  afterAll(() => {
    project.clear();
    rmSync(home, { recursive: true });
  });

  test('the person’s .pdbrc is run at the first stop, then the project’s, and a faulty line is told', async () => {
    writeFileSync(join(home, '.pdbrc'), HOME, { mode: 0o600 });
    project.write('.pdbrc', PROJECT);
    terminal = await project.up([], { env });
    const { response } = requested(project, '/first');
    const [shown] = await terminal.until(/[\s\S]*?\(Pdb\) $/);
    expect(shown).toMatch(
      /^\[1\] GET \/first\n\*\*\* ModuleNotFoundError: [^\n]*'nowhere_to_be_found' \(~\/\.pdbrc:5\)\n'home is read'\n\*\*\* [^\n]* \(~\/\.pdbrc:7\)\n/,
    );
    expect(shown).toMatch(/\n\("the project's, behind", 'home'\)\n\('at', '\/first', '\/first'\)\n> \/app\/rc\.py/);
    expect(shown).not.toMatch(/of the (container|working directory)/);
    await command(terminal, 'where_am_i', /\n\('at', '\/first', '\/first'\)\n\(Pdb\) $/);
    await command(terminal, 'p nothing', /\n\*\*\* NameError: name 'nothing' is not defined\n\(Pdb\) $/);
    expect(await goOn(terminal, { response })).toEqual({ status: 200, body: '/first' });
    // Once for the process.
    const again = requested(project, '/second');
    const [next] = await terminal.until(/[\s\S]*?\(Pdb\) $/);
    expect(next).not.toContain('home is read');
    await command(terminal, 'where_am_i', /\n\('at', '\/second', '\/second'\)\n\(Pdb\) $/);
    expect(await goOn(terminal, again)).toMatchObject({ status: 200 });
  });

  test('the copy is the runner’s alone; without the file it is gone at the next start', async () => {
    const copy = statSync(join(project.directory, '.wsgi-dev/run/pdbrc.json'));
    expect([copy.mode & 0o777, copy.uid]).toEqual([0o600, statSync(join(project.directory, 'rc.py')).uid]);
    rmSync(join(home, '.pdbrc'));
    project.write('.pdbrc', 'c\np "at the second stop"\n');
    expect(await project.run(['down'])).toMatchObject({ code: 0 });
    terminal = await project.up([], { env });
    // A command that goes on: no prompt, and the rest at the next stop.
    expect(await project.get('/passes')).toEqual({ status: 200, body: '/passes' });
    const { response } = requested(project, '/stops');
    const [shown] = await terminal.until(/[\s\S]*\(Pdb\) $/);
    expect(shown).toContain("'at the second stop'\n");
    expect(shown).not.toContain('home is read');
    expect(await goOn(terminal, { response })).toMatchObject({ status: 200 });
  });

  test('the history is kept over `down` and `up`', async () => {
    project.write('.pdbrc', '');
    const stopped = await stoppedAt(project, terminal, '/history');
    await command(terminal, "p 'typed before'", /'typed before'\n\(Pdb\) $/);
    await goOn(terminal, stopped);
    expect(await project.run(['down'])).toMatchObject({ code: 0 });
    terminal = await project.up([], { env });
    const again = await stoppedAt(project, terminal, '/history');
    terminal.type(key.up + key.up);
    await terminal.until(/p 'typed before'$/);
    terminal.type(key.ctrlC);
    await terminal.until(PROMPT);
    await goOn(terminal, again);
  });
});
