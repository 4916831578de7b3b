import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PROMPT } from '../helpers/prompt.ts';
import { key } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const failing = `
def total(items):
    x = sum(items) + 1
    assert x == 6
    return x

def test_total():
    total([1, 2, 3])
`;
const raising = `
def double(number):
    twice = number * 2
    raise ValueError(twice)

double(21)
`;
const stopping = `
answer = 42
breakpoint()
print("went on")
`;

const project = useProject();
beforeAll(async () => {
  project.write('requirements.txt', 'pytest==8.4.2\n');
  project.write('test_total.py', failing);
  project.write('raising.py', raising);
  project.write('stopping.py', stopping);
  await project.build();
}, 180_000);
afterEach(() => {
  const left = project.container();
  project.clear();
  expect(left).toBeUndefined();
});

describe('a command on a terminal', () => {
  test('has one, of its size, which follows', async () => {
    // Engines before 23 give it its size just after the start.
    const script = [
      'has() { until [ "$(stty size)" = "$1" ]; do sleep 0.05; done; stty size; }',
      'has "20 90"; echo $TERM; has "15 70"; test -t 2 && exit 5',
    ].join('\n');
    const terminal = await project.terminal(['run', 'sh', '-c', script], { columns: 90, rows: 20 });
    await terminal.until(/20 90\nxterm-256color\n/);
    terminal.resize(70, 15);
    await terminal.until(/15 70\n/);
    const { code, modesBefore, modesAfter } = await terminal.ended;
    expect(code).toBe(5);
    expect(modesAfter).toBe(modesBefore);
  });

  test('Ctrl-C is the command’s', async () => {
    const terminal = await project.terminal(['run', 'python', '-c', 'print("ready", flush=True); input()']);
    await terminal.until(/ready/);
    terminal.type(key.ctrlC);
    await terminal.until(/KeyboardInterrupt/);
    expect((await terminal.ended).code).toBe(130);
  });

  test('-T: none', async () => {
    const terminal = await project.terminal(['run', '-T', 'sh', '-c', 'test -t 0 || test -t 1 || echo none']);
    await terminal.until(/none/);
    expect((await terminal.ended).code).toBe(0);
  });

  test('ends with its window', async () => {
    const terminal = await project.terminal(['run', 'sh', '-c', 'echo ready; sleep 600']);
    await terminal.until(/ready/);
    const gone = project.docker('ps', '-q', '--filter', `label=dev.wsgi-dev.project=${project.name}`);
    terminal.close();
    // Blocks until it has ended; where it was removed by then there is nothing to wait for.
    try {
      project.docker('wait', gone);
    } catch (error) {
      expect(String(error)).toMatch(/No such container/);
    }
    await expect.poll(() => project.container()).toBeUndefined();
  });

  test('shell: in a container of its own, then in the running one', async () => {
    const alone = await project.terminal(['shell']);
    await alone.until(/is not running: a shell/);
    alone.type('echo $((6*7)) $0\r');
    await alone.until(/42 bash\n/);
    alone.type('exit 3\r');
    expect((await alone.ended).code).toBe(3);
    expect(project.container()).toBeUndefined();
    const server = await project.up();
    const beside = await project.terminal(['shell']);
    beside.type('echo in $(hostname)\r');
    const [, host] = await beside.until(/in ([0-9a-f]{12})\n/);
    expect(project.container()?.slice(0, 12)).toBe(host);
    beside.type('exit\r');
    expect((await beside.ended).code).toBe(0);
    await project.run(['down']);
    await server.ended;
  });
});

describe('run --debug', () => {
  test('pytest --pdb stops at a prompt where a test fails, and the history is there the next time', async () => {
    const terminal = await project.terminal(['run', '--debug', 'pytest', '--pdb', 'test_total.py']);
    await terminal.until(PROMPT);
    terminal.type('p x\r');
    await terminal.until(/p x\n7\n\(Pdb\) $/);
    terminal.type('q\r');
    await terminal.until(/1 failed/);
    expect((await terminal.ended).code).toBe(2);
    const again = await project.terminal(['run', '--debug', 'pytest', '--pdb', 'test_total.py']);
    await again.until(PROMPT);
    again.type(`${key.up}${key.up}\r`);
    await again.until(/p x\n7\n\(Pdb\) $/);
    again.type('c\r');
    expect((await again.ended).code).toBe(1);
  });

  test('an exception that ends the command stops where it was raised', async () => {
    const terminal = await project.terminal(['run', '--debug', 'python', 'raising.py']);
    await terminal.until(/ValueError: 42\n> \/app\/raising\.py\(4\)double\(\)[\s\S]*\(Pdb\) $/);
    terminal.type('p twice\r');
    await terminal.until(/p twice\n42\n/);
    terminal.type('q\r');
    expect((await terminal.ended).code).toBe(1);
    const left = await project.terminal(['run', '--debug', '--no-post-mortem', 'python', 'raising.py']);
    await left.until(/ValueError: 42\n/);
    expect((await left.ended).code).toBe(1);
  });

  test('breakpoint(), with the debugger of one’s choice', async () => {
    const pdb = await project.terminal(['run', '--debug', 'python', 'stopping.py']);
    await pdb.until(PROMPT);
    pdb.type('p answer\r');
    await pdb.until(/\n42\n/);
    pdb.type('c\r');
    await pdb.until(/went on/);
    expect((await pdb.ended).code).toBe(0);
  });

  test('~/.pdbrc counts', async () => {
    const home = project.directory;
    project.write('.pdbrc', 'alias answer p "the answer is", answer\n');
    const terminal = await project.terminal(['run', '--debug', '-w', '/tmp', 'python', '/app/stopping.py'], {
      env: { HOME: home },
    });
    await terminal.until(PROMPT);
    terminal.type('answer\r');
    await terminal.until(/\('the answer is', 42\)\n/);
    terminal.type('c\r');
    await terminal.ended;
  });

  test('without a terminal nothing waits for a person', async () => {
    const { code, stdout, stderr } = await project.run(['run', '--debug', 'python', 'raising.py']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/ValueError: 42\n$/);
  });
});
