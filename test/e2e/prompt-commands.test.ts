import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { command, goOn, PROMPT, requested, stoppedAt } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/commands.py'), 'utf8');

describe.each(['3.9', '3.11', '3.13', '3.14'])('on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;

  beforeAll(async () => {
    project.write('commands.py', SOURCE);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: commands.py\npython: "${python}"\n`);
    await project.build();
    terminal = await project.up();
  }, 600_000);
  afterAll(() => project.clear());
  beforeEach(() => terminal.until(/[\s\S]*$/));

  /** What `line` brings, up to the next prompt. */
  async function answerTo(line: string): Promise<string> {
    terminal.type(`${line}\r`);
    const [shown] = await terminal.until(/[\s\S]*?\n\(Pdb\) $/);
    return shown.slice(shown.indexOf('\n') + 1, -'(Pdb) '.length);
  }

  test('w shows the project’s frames and the current one, w all the others too', async () => {
    const stopped = await stoppedAt(project, terminal, '/');
    const frame = (mark: string, name: string): string =>
      `${mark} /app/commands\\.py\\(\\d+\\)${name}\\(\\)\\n-> .*\\n`;
    const own = ['application', 'through_library', '<lambda>'].map((name) => frame(' ', name)).join('');
    const short = new RegExp(`^  … 3 frames of json: \`w all\` shows them\\n${own}${frame('>', 'view')}$`);
    for (const line of ['w', 'where', 'bt']) expect(await answerTo(line)).toMatch(short);
    const library = ' {2}\\S*/json/\\S+\\(\\d+\\)\\w+\\(\\)\\n-> .*\\n';
    const before = ['application', 'through_library'].map((name) => frame(' ', name)).join('');
    const long = new RegExp(`^${before}(?:${library}){3}${frame(' ', '<lambda>')}${frame('>', 'view')}$`);
    expect(await answerTo('w all')).toMatch(long);

    expect(await answerTo('w 2')).toMatch(new RegExp(`^${frame(' ', '<lambda>')}${frame('>', 'view')}$`));
    expect(await answerTo('w -1')).toMatch(new RegExp(`^${frame(' ', 'application')}$`));
    expect(await answerTo('w 0')).toMatch(new RegExp(`^${frame('>', 'view')}$`));
    expect(await answerTo('w what')).toBe('*** Invalid count (what)\n');

    await answerTo('u 2');
    const current = '> \\S*/json/decoder\\.py\\(\\d+\\)raw_decode\\(\\)\\n-> .*\\n';
    const above = `  … 2 frames of json: \`w all\` shows them\\n${before}${current}`;
    expect(await answerTo('w')).toMatch(new RegExp(`^${above}${frame(' ', '<lambda>')}${frame(' ', 'view')}$`));
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: '4\n' });
  });

  test('what a command writes to stderr stands there as it is, and not in the error log', async () => {
    const stopped = await stoppedAt(project, terminal, '/');
    expect(await answerTo('import sys; print("to stderr", file=sys.stderr, flush=True)')).toBe('to stderr\n');
    terminal.type('interact\r');
    await terminal.until(/>>> $/);
    terminal.type('1/0\r');
    const [failed] = await terminal.until(/[\s\S]*ZeroDivisionError[^\n]*\n>>> $/);
    expect(failed).not.toContain('wsgi:error');
    terminal.type(key.ctrlD);
    await terminal.until(/\n\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: '4\n' });
  });

  test('$request and the others in plain WSGI, what pdb has itself, and those of one’s own', async () => {
    const stopped = await stoppedAt(project, terminal, '/?a=1');
    expect(await answerTo('p $request is $environ, $environ["QUERY_STRING"]')).toBe("(True, 'a=1')\n");
    expect(await answerTo('$environ["REQUEST_METHOD"]')).toBe("'GET'\n");
    expect(await answerTo('p $_frame.f_code.co_name')).toBe("'view'\n");
    expect(await answerTo('p "$request", \'$user\', """$session""", r"$a"')).toBe(
      "('$request', '$user', '$session', '$a')\n",
    );
    expect(await answerTo('p $session')).toBe('*** LookupError: this request has no $session (plain WSGI)\n');
    expect(await answerTo('p $user')).toBe('*** LookupError: this request has no $user (plain WSGI)\n');
    expect(await answerTo('p $nothing')).toBe("*** KeyError: 'nothing'\n");
    await answerTo('$mine = total * 2');
    expect(await answerTo('p $mine + 1')).toBe('7\n');
    await answerTo('u');
    expect(await answerTo('p $_frame.f_code.co_name, $environ["QUERY_STRING"]')).toBe("('<lambda>', 'a=1')\n");
    // In another module, too.
    await answerTo('u');
    expect(await answerTo('p __name__, $mine, $_frame.f_code.co_name')).toBe("('json.decoder', 6, 'raw_decode')\n");
    await answerTo('d 2');
    await answerTo('debug helper(1)\rc');
    expect(await answerTo('p $mine')).toBe('6\n');
    await answerTo('total = 40');
    expect(await answerTo('p $request["QUERY_STRING"]')).toBe("'a=1'\n");
    // What was set at the prompt stands, and nothing is left in the application's modules.
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: '41\n' });
    const again = await stoppedAt(project, terminal, '/?b=2');
    expect(await answerTo('p $request["QUERY_STRING"]')).toBe("'b=2'\n");
    await answerTo('names = list(globals())');
    expect(await goOn(terminal, again)).toMatchObject({ status: 200 });

    const failed = await stoppedAt(project, terminal, '/fails');
    expect(await answerTo('p $_exception, $request["PATH_INFO"]')).toBe("(ValueError('here'), '/fails')\n");
    expect(await goOn(terminal, failed)).toMatchObject({ status: 500 });
  });

  test('Tab completes attributes, wherever a statement may stand, and convenience variables', async () => {
    const stopped = await stoppedAt(project, terminal, '/');
    const completes = async (typed: string, whole: string): Promise<void> => {
      terminal.type(`${typed}${key.tab}`);
      await terminal.until(new RegExp(`${whole.replace(/[$.]/g, '\\$&')}$`));
      terminal.type(key.enter);
      await terminal.until(PROMPT);
    };
    await completes('p basket.item_c', 'p basket.item_count');
    await completes('basket.item_c', 'basket.item_count');
    await completes('x = basket.item_c', 'x = basket.item_count');
    await completes('p basket.item_names.ext', 'p basket.item_names.extend');
    await completes('p $req', 'p $request');
    await completes('$env', '$environ');
    await completes('x = $ses', 'x = $session');
    await completes('p $environ.popi', 'p $environ.popitem');
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
  });

  test('a command that fails is no failure of the application', async () => {
    const stopped = await stoppedAt(project, terminal, '/');
    for (const line of ['run', 'restart', 'ignore', 'condition', 'unalias', 'list x', 'jump nowhere']) {
      expect(await answerTo(line)).not.toContain('Traceback');
    }
    await command(terminal, "p 'still here'", /'still here'\n\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: '4\n' });
  });

  test('how many requests wait behind the one that is stopped is told when it changes', async () => {
    const stopped = await stoppedAt(project, terminal, '/');
    const first = requested(project, '/plain?1');
    const tells = async (pattern: RegExp): Promise<void> => {
      // A request is on its way through the engine's proxy for a moment.
      let shown = '';
      while (!pattern.test(shown)) shown = await answerTo('p total');
    };
    await tells(/^3\nwsgi-dev: 1 request waits behind this one\n$/);
    expect(await answerTo('p total')).toBe('3\n');
    const second = requested(project, '/plain?2');
    await tells(/^3\nwsgi-dev: 2 requests wait behind this one\n$/);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
    expect(await first.response).toMatchObject({ status: 200 });
    expect(await second.response).toMatchObject({ status: 200 });
  });
});
