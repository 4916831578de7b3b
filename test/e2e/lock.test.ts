import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imagesOf, inContainer } from '../helpers/docker.ts';
import { get, hello, makeProject, type TestProject } from '../helpers/project.ts';

// A lock is written once, from requirements that leave versions open; each test has it as it is, or with something changed.
const BUILD_MS = 600_000;
const files = {
  'wsgi.py': hello('__import__("bottle").__version__'),
  'requirements.txt': '-r more.txt\n',
  'more.txt': '--prefer-binary\nbottle\nitsdangerous<3\n',
  'wsgi-dev.yaml': 'packages: {apt: [hello]}\n',
};

const scenario = 'steps: [{request: GET /}, {response: 200}]\n';

let project: TestProject;
let lock: string;

const read = (of: TestProject): string => readFileSync(join(of.directory, 'wsgi-dev.lock'), 'utf8');

beforeAll(async () => {
  project = makeProject(files, { shared: true });
  const { code, stdout, stderr } = await project.run(['lock']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toBe(`${project.directory}/wsgi-dev.lock\n`);
  expect(stderr).toMatch(/^Locked: Python 3\.11\.\d+, \d+ Debian packages, 2 from pip$/m);
  lock = read(project);
  await project.run(['build', '--frozen']);
}, BUILD_MS);
afterAll(() => project.remove());

/** `build --frozen` of the same project with another lock, or other files. */
async function frozen(changed: string, more: Readonly<Record<string, string>> = {}, ...args: readonly string[]) {
  const other = makeProject({ ...files, 'wsgi-dev.lock': changed, ...more });
  const { code, stdout, stderr } = await other.run(['build', '--frozen', ...args]);
  const images = await other.images();
  return { code, stdout, stderr, images };
}

/** The one line of the lock that matches, changed. */
function edited(pattern: RegExp, to: string): string {
  expect(lock).toMatch(pattern);
  return lock.replace(pattern, to);
}

describe('lock', () => {
  test('names everything, belongs to the project’s owner, and leaves no image behind', async () => {
    expect(lock).toMatch(/^from:\n {2}python: "3\.11"\n {2}mod_wsgi: distro\n {2}apt:\n {4}- hello\n/m);
    expect(lock).toMatch(/^ {4}more\.txt: sha256:[0-9a-f]{64}\n {4}requirements\.txt: sha256:[0-9a-f]{64}$/m);
    expect(lock).toMatch(/^python: 3\.11\.\d+\napache: 2\.4\.\S+\nmod_wsgi: 4\.9\.\S+$/m);
    expect(lock).toMatch(/^ {2}- hello=\S+$/m);
    expect(lock).toMatch(/^ {2}- bottle==\S+ sha256:[0-9a-f]{64}\n {2}- itsdangerous==2\.\S+ sha256:[0-9a-f]{64}$/m);
    expect(lock).toMatch(/^bundled:\n {2}- pip==\S+\n {2}- setuptools==\S+\n$/m);
    const mine = project.listing().find(({ path }) => path === 'wsgi-dev.lock');
    const source = project.listing().find(({ path }) => path === 'wsgi.py');
    expect(mine?.uid).toBe(source?.uid);
    expect(await imagesOf(`${project.name}-lock`)).toEqual([]);
  });

  test('again: nothing is written', async () => {
    const { code, stderr } = await project.run(['lock']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Unchanged: /m);
    expect(read(project)).toBe(lock);
  });

  test('without --frozen it has no effect', async () => {
    const other = makeProject({ 'wsgi.py': hello(), 'wsgi-dev.lock': 'lock: nonsense\n' });
    expect(await other.run(['build'])).toMatchObject({ code: 0 });
  });
});

describe('--frozen', () => {
  test('builds, runs and runs scenarios from it', async () => {
    const { code, stdout } = await project.run(['build', '--frozen']);
    expect(code).toBe(0);
    const { url, image, container } = await project.up('--frozen');
    expect(image).toBe(stdout.trim());
    const version = /- bottle==(\S+) /.exec(lock)?.[1];
    expect(await get(url)).toEqual({ status: 200, body: version });
    expect(await inContainer(container, ['hello'])).toBe('Hello, world!\n');
    const leftovers = 'find /var/lib/apt/lists /lock /lock.json /requirements /root/.cache -type f 2>/dev/null; true';
    expect(await inContainer(container, ['sh', '-c', leftovers], '0')).toBe('');
    await project.run(['down']);

    project.write({ 'one.scenario.yaml': scenario });
    const ci = await project.run(['ci', '--frozen', 'one.scenario.yaml', '--output', 'report']);
    expect(ci).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1 passed$/m) });
    const environmentOf = (output: string) =>
      JSON.parse(readFileSync(join(project.directory, output, 'one/environment.json'), 'utf8'));
    const environment = environmentOf('report');
    expect(environment.lock).toMatchObject({ frozen: true });
    expect(await project.run(['ci', 'one.scenario.yaml', '--output', 'loose'])).toMatchObject({ code: 0 });
    expect(environmentOf('loose').lock).toEqual({ ...environment.lock, frozen: false });
    expect(environment.packages.apt).toEqual([...lock.matchAll(/^ {2}- ([^=\s]+=[^=\s]+)$/gm)].map(([, one]) => one));
    expect(environment.versions).toEqual({
      python: /^python: (.*)$/m.exec(lock)?.[1],
      apache: /^apache: (.*)$/m.exec(lock)?.[1],
      mod_wsgi: /^mod_wsgi: (.*)$/m.exec(lock)?.[1],
    });
  });

  test.each<[string, () => ReturnType<typeof frozen>, readonly string[]]>([
    [
      'another requirement',
      () => frozen(lock, { 'more.txt': 'bottle\n' }),
      ['more.txt: sha256:[0-9a-f]{12}… → sha256:[0-9a-f]{12}…'],
    ],
    ['another Python', () => frozen(lock, {}, '--python', '3.13'), ['python: 3.11 → 3.13']],
    [
      'all of it at once',
      () =>
        frozen(lock, {
          'wsgi-dev.yaml': 'python: 3.14\nserver: {mod_wsgi: pypi==6.1.1}\npackages: {apt: [curl]}\n',
          'requirements.txt': 'flask\n',
        }),
      [
        'python: 3.11 → 3.14',
        'mod_wsgi: distro → pypi==6.1.1',
        'packages.apt curl: none → wanted',
        'packages.apt hello: wanted → none',
        'more.txt: sha256:[0-9a-f]{12}… → none',
        'requirements.txt: sha256:[0-9a-f]{12}… → sha256:[0-9a-f]{12}…',
      ],
    ],
    ['another base', () => frozen(edited(/^ {2}suite: bookworm$/m, '  suite: trixie')), ['base: trixie → bookworm']],
    [
      'another wsgi-dev',
      () => frozen(edited(/^runner: sha256:.*$/m, `runner: sha256:${'0'.repeat(64)}`)),
      ['runner: sha256:000000000000… → sha256:[0-9a-f]{12}…'],
    ],
    [
      'a machine of another architecture',
      () => frozen(edited(/^architecture: .*$/m, 'architecture: s390x')),
      ['architecture: s390x → \\w+'],
    ],
  ])('refuses %s before anything is built: 2', async (_name, build, drift) => {
    const { code, stdout, stderr, images } = await build();
    expect(stderr).toMatch(
      new RegExp(
        `^wsgi-dev: wsgi-dev\\.lock was made from something else \\(locked → found\\):\n  ${drift.join('\n  ')}\n`,
      ),
    );
    expect(stderr).not.toMatch(/Building|Step/);
    expect({ code, stdout, images }).toEqual({ code: 2, stdout: '', images: [] });
  });

  test('up and ci refuse the same, up with its one line of JSON', async () => {
    const other = makeProject({ ...files, 'wsgi-dev.lock': lock, 'more.txt': 'bottle\n' });
    const up = await other.run(['up', '-d', '--frozen', '-p', '0', '--format', 'json']);
    expect(up.code).toBe(2);
    expect(JSON.parse(up.stdout)).toMatchObject({ code: 2, message: expect.stringContaining('more.txt: sha256:') });
    other.write({ 'one.scenario.yaml': scenario });
    const ci = await other.run(['ci', '--frozen', 'one.scenario.yaml']);
    expect(ci).toMatchObject({ code: 2, stderr: expect.stringContaining('more.txt: sha256:') });
    expect(await other.containers()).toEqual([]);
  });

  test('what ran on the image of a lock is reproduced on it', async () => {
    const other = makeProject({ ...files, 'wsgi-dev.lock': lock, 'one.scenario.yaml': scenario });
    expect(await other.run(['ci', '--frozen', 'one.scenario.yaml', '--output', 'report'])).toMatchObject({ code: 0 });
    const built = async () => (await other.images()).filter((tag) => tag.startsWith(`wsgi-dev/${other.name}:`));
    const images = await built();
    expect(images).toHaveLength(1);
    expect(await other.run(['ci', 'pack', 'report', '-o', 'one.tar.gz'])).toMatchObject({ code: 0 });
    const again = ['reproduce', 'one.tar.gz', '--directory', 'again', '--project-name', other.name];
    const { code, stdout } = await other.run(again);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^reproduced: it passed/m) });
    expect(await built()).toEqual(images);
  });

  test('without a lock: 2, and how to have one', async () => {
    const other = makeProject({ 'wsgi.py': hello() });
    const { code, stderr } = await other.run(['up', '-d', '--frozen']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/wsgi-dev\.lock does not exist\n.*`wsgi-dev lock`/);
  });

  test.each<[string, () => string, string]>([
    [
      'a version that the archive doesn’t have',
      () => edited(/hello=\S+/, 'hello=2.10-0'),
      'apt hello: 2.10-0 → not in the archive',
    ],
    ['a version that no index has', () => edited(/bottle==\S+/, 'bottle==0.99.0'), 'pip bottle: 0.99.0 → on no index'],
    [
      'a file that is not the one that was locked',
      () => edited(/(bottle==\S+) sha256:\S+/, `$1 sha256:${'0'.repeat(64)}`),
      'pip bottle: sha256:000000000000… → sha256:[0-9a-f]{12}…',
    ],
  ])('refuses %s while it builds: 4', async (_name, changed, drift) => {
    const { code, stdout, stderr, images } = await frozen(changed());
    expect(stderr).toMatch(
      new RegExp(`^wsgi-dev: The image can't be built from wsgi-dev\\.lock \\(locked → found\\):\n  ${drift}\n`, 'm'),
    );
    expect({ code, stdout, images }).toEqual({ code: 4, stdout: '', images: [] });
  });

  test('refuses an image in which something else is installed, each time: 4', async () => {
    const changed = edited(/^apache: .*$/m, 'apache: 2.4.1').replace(/^ {2}- setuptools==.*$/m, '  - setuptools==1.0');
    const other = makeProject({ ...files, 'wsgi-dev.lock': changed });
    const drift = ['apache: 2\\.4\\.1 → \\S+', 'pip setuptools: 1\\.0 → \\S+'].join('\n  ');
    for (let times = 0; times < 2; times += 1) {
      const { code, stderr } = await other.run(['up', '-d', '--frozen', '-p', '0']);
      expect(stderr).toMatch(
        new RegExp(`^wsgi-dev: The image \\S+ is not as wsgi-dev\\.lock says .*:\n  ${drift}\n`, 'm'),
      );
      expect(code).toBe(4);
    }
    expect(await other.containers()).toEqual([]);
  });
});
