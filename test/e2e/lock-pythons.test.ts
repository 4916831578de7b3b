import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { get, hello, makeProject } from '../helpers/project.ts';

// Each Python has a pip of its own, from 20.3 on. Images of all of them take minutes: with WSGI_DEV_LOCK_MATRIX=1 only.
const matrix = process.env.WSGI_DEV_LOCK_MATRIX === '1';
const COLD_MS = 1_200_000;

const wheel =
  'https://files.pythonhosted.org/packages/04/96/92447566d16df59b2a776c0fb82dbc4d9e07cd95062562af01e408583fc4/itsdangerous-2.2.0-py3-none-any.whl';
const hash = 'c6242fc49e35958c8b15141343aa660db5fc54d4f13a1db01a3f5891b98700ef';

describe.runIf(matrix)('a lock', () => {
  test.each([
    ['3.9', 'distro'],
    ['3.11', 'pypi'],
    ['3.13', 'distro'],
    ['3.14', 'pypi'],
  ])(
    'of Python %s with mod_wsgi %s: what is compiled, what has an address, and a hash that is another',
    async (python, modWsgi) => {
      const project = makeProject({
        'wsgi.py': hello('__import__("docopt").__version__ + __import__("itsdangerous").__version__'),
        'requirements.txt': `docopt\nitsdangerous @ ${wheel}\n`,
        'wsgi-dev.yaml': `python: ${python}\nserver: {mod_wsgi: ${modWsgi}}\n`,
      });
      const path = join(project.directory, 'wsgi-dev.lock');
      expect(await project.run(['lock'])).toMatchObject({ code: 0 });
      const lock = readFileSync(path, 'utf8');
      expect(lock).toMatch(/^ {2}- docopt==0\.6\.2 sha256:[0-9a-f]{64}$/m);
      expect(lock).toContain(`\n  - itsdangerous==2.2.0 sha256:${hash} ${wheel}\n`);
      expect(lock).toMatch(modWsgi === 'pypi' ? /^mod_wsgi: \S+ sha256:[0-9a-f]{64}$/m : /^mod_wsgi: \S+$/m);
      const { url } = await project.up('--frozen');
      expect(await get(url)).toEqual({ status: 200, body: '0.6.22.2.0' });

      const zeros = `sha256:${'0'.repeat(64)}`;
      const altered = async (pattern: RegExp): Promise<string> => {
        project.write({ 'wsgi-dev.lock': lock.replace(pattern, `$1 ${zeros}`) });
        const { code, stderr } = await project.run(['build', '--frozen']);
        expect(code).toBe(4);
        return /^ {2}\S+ \S+: sha256:0{12}… → sha256:[0-9a-f]{12}…$/m.exec(stderr)?.[0] ?? stderr;
      };
      expect(await altered(/^( {2}- docopt==\S+) sha256:\S+/m)).toMatch(/pip docopt: /);
      expect(await altered(/^( {2}- itsdangerous==\S+) sha256:\S+/m)).toMatch(/pip itsdangerous: /);
      if (modWsgi === 'pypi') expect(await altered(/^(mod_wsgi: \S+) sha256:\S+/m)).toMatch(/pip mod_wsgi: /);
    },
    COLD_MS,
  );
});
