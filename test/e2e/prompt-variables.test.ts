import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goOn, stoppedAt } from '../helpers/prompt.ts';
import type { Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const APPS = join(import.meta.dirname, 'variables-apps');
const REQUIREMENTS = ['Django==5.2.19', 'Flask==3.1.3', 'pyramid==2.1', 'bottle==0.13.4', 'falcon==4.4.0', ''];
const none = (name: string, framework: string): string =>
  `*** LookupError: this request has no $${name} (${framework})`;

/** Framework, the type of $request, an expression of the session and its value, $user. */
const frameworks = [
  ['django', 'WSGIRequest', '$session["item"]', "'tea'", /AnonymousUser/],
  ['flask', 'Request', '$session["item"]', "'tea'", /'ada'/],
  ['pyramid', 'Request', '$session["item"]', "'tea'", /'ada'/],
  ['falcon', 'Request', '$session', none('session', 'Falcon'), /'ada'/],
  ['bottle', 'LocalRequest', '$session', none('session', 'Bottle'), none('user', 'Bottle')],
] as const;

const project = useProject();
let terminal: Terminal;

beforeAll(async () => {
  for (const file of readdirSync(APPS)) project.write(file, readFileSync(join(APPS, file), 'utf8'));
  project.write('requirements.txt', REQUIREMENTS.join('\n'));
  await project.build();
}, 600_000);

/** What `line` brings, up to the next prompt. */
async function answerTo(line: string): Promise<string> {
  terminal.type(`${line}\r`);
  const [shown] = await terminal.until(/[\s\S]*?\n\(Pdb\) $/);
  return shown.slice(shown.indexOf('\n') + 1, -'\n(Pdb) '.length);
}

describe.each(frameworks)('%s', (name, type, session, value, user) => {
  beforeAll(async () => {
    terminal = await project.up(['--app', `${name}_app.py`]);
  });
  afterAll(() => project.clear());

  test.each(['view', 'raises'])('the current request, its session and its user, at /%s', async (path) => {
    const stopped = await stoppedAt(project, terminal, `/${path}?a=1`);
    expect(await answerTo('p type($request).__name__')).toBe(`'${type}'`);
    expect(await answerTo('p $environ["PATH_INFO"]')).toBe(`'/${path}'`);
    expect(await answerTo(`p ${session}`)).toBe(value);
    const shown = await answerTo('p $user');
    if (typeof user === 'string') expect(shown).toBe(user);
    else expect(shown).toMatch(user);
    // In a frame of the framework's, too.
    await answerTo('u');
    await answerTo('u');
    expect(await answerTo('p type($request).__name__')).toBe(`'${type}'`);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: path === 'view' ? 200 : 500 });
  });

  test('w leaves the frames of the framework out', async () => {
    const stopped = await stoppedAt(project, terminal, '/view');
    const shown = await answerTo('w');
    if (name === 'falcon') expect(shown).not.toMatch(/falcon\/\w+\.py/);
    else expect(shown).toMatch(new RegExp(`^  … \\d+ frames of ${name}[^\\n]*: \`w all\` shows them\\n`));
    expect(shown.match(/^[ >] .*\(\d+\)\w+\(\)/gm)?.filter((line) => !line.includes(` /app/${name}_app.py(`))).toEqual(
      [],
    );
    expect(shown).toMatch(/^> \/app\/\w+_app\.py\(\d+\)helper\(\)$/m);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
  });
});

test('the request of a body that is made while it is sent', async () => {
  terminal = await project.up(['--app', 'django_app.py']);
  const stopped = await stoppedAt(project, terminal, '/parts');
  expect(await answerTo('p $environ["PATH_INFO"]')).toBe("'/parts'");
  expect(await answerTo('p type($request).__name__, $request.path')).toBe("('WSGIRequest', '/parts')");
  expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
});
