import type { EnvironmentReport } from './result.ts';

/** What is installed in an image, as a container of it tells. */
export type Contents = Pick<EnvironmentReport, 'versions' | 'packages'>;

const SCRIPT = `
/opt/venv/bin/python -I - <<'END'
import platform
from importlib.metadata import distributions
print("python", platform.python_version())
for one in sorted({f"{one.metadata['Name']}=={one.version}" for one in distributions()}, key=str.lower):
    print("pip", one)
END
dpkg-query -W -f 'apt \${Package}=\${Version}\\n'
# One that was compiled is no package.
echo mod_wsgi $(grep -aoE 'mod_wsgi/[0-9.]+' /usr/lib/apache2/modules/mod_wsgi.so | head -1 | cut -d/ -f2)
`;

/** Asks a container, by `run`, for its packages. */
export async function readContents(run: (command: string) => Promise<{ readonly output: string }>): Promise<Contents> {
  const { output } = await run(SCRIPT);
  const lines = output.split('\n').map((line) => line.split(' '));
  const all = (kind: string): readonly string[] =>
    lines.flatMap(([word, value]) => (word === kind && value !== undefined ? [value] : []));
  const apt = all('apt');
  const version = (name: string): string => apt.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  return {
    versions: {
      python: all('python')[0] ?? '',
      apache: version('apache2'),
      mod_wsgi: all('mod_wsgi')[0] ?? '',
    },
    packages: { pip: all('pip'), apt: [...apt].sort() },
  };
}
