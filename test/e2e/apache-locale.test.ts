import { afterEach, beforeAll, expect, test } from 'vitest';
import { useProject } from '../helpers/session-project.ts';

// The locale that a daemon process has: the same in effect in one process, and said where the image lacks it.

const project = useProject();
const site = (options: string): string => `\
WSGIDaemonProcess shop ${options}
WSGIScriptAlias / /app/shop.wsgi process-group=shop application-group=%{GLOBAL}
<Directory /app>
    Require all granted
</Directory>
`;
const SCRIPT = `\
import datetime, locale, sys

def application(environ, start_response):
    at_once = locale.localeconv()["decimal_point"], datetime.date(2024, 1, 1).strftime("%A")
    before = locale.setlocale(locale.LC_ALL)
    locale.setlocale(locale.LC_ALL, "")
    asked = locale.localeconv()["decimal_point"], datetime.date(2024, 1, 1).strftime("%A")
    locale.setlocale(locale.LC_ALL, before)
    print("naïve")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [repr((at_once, asked, sys.getfilesystemencoding())).encode()]
`;
const GERMAN = "(',', 'Montag')";
const ENGLISH = "('.', 'Monday')";

interface Up {
  readonly url: string;
  readonly notes: readonly string[];
}

async function up(options: string, debug: boolean, packages = '[locales-all]'): Promise<Up> {
  project.write('site.conf', site(options));
  const yaml = `name: ${project.name}\npackages: {apt: ${packages}}\nserver: {apache_config: site.conf}\n`;
  project.write('wsgi-dev.yaml', yaml);
  const mode = debug ? ['--debug'] : [];
  const { code, stdout, stderr } = await project.run(['up', '-d', '--port', '0', '--format', 'json', ...mode]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { url, apache } = JSON.parse(stdout);
  return { url, notes: apache.notes };
}

beforeAll(async () => {
  project.write('shop.wsgi', SCRIPT);
  project.write('site.conf', site(''));
  project.write(
    'wsgi-dev.yaml',
    `name: ${project.name}\npackages: {apt: [locales-all]}\nserver: {apache_config: site.conf}\n`,
  );
  await project.build();
}, 400_000);
afterEach(project.clear);

test.each([true, false])('lang= and locale= take effect (debug: %s)', async (debug) => {
  const rows = [
    // mod_wsgi takes locale= into effect at once; lang= is for who asks.
    ['locale=de_DE.UTF-8', GERMAN, GERMAN],
    ['lang=de_DE.UTF-8', ENGLISH, GERMAN],
    ['lang=de_DE.UTF-8 locale=en_US.UTF-8', ENGLISH, ENGLISH],
    ['lang=C.UTF-8', ENGLISH, ENGLISH],
  ];
  for (const [options = '', atOnce, asked] of rows) {
    const { url } = await up(options, debug);
    const response = await fetch(url);
    expect({ options, body: await response.text() }).toEqual({ options, body: `(${atOnce}, ${asked}, 'utf-8')` });
  }
});

test.each([true, false])('one that the image lacks is said, with the package (debug: %s)', async (debug) => {
  const { url, notes } = await up('locale=de_DE.UTF-8', debug, '[]');
  expect(notes).toContainEqual(
    expect.stringMatching(/^locale=de_DE\.UTF-8 is not in the image \(packages\.apt: \[locales-all\] brings it\)/),
  );
  expect(await (await fetch(url)).text()).toBe(`(${ENGLISH}, ${ENGLISH}, 'utf-8')`);
});
