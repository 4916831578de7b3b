/** What is installed in a project's image, as images/base/installed.sh tells. */
export interface Installed {
  /** Debian's name: "amd64". */
  readonly architecture: string;
  /** "3.11.2" */
  readonly python: string;
  readonly apache: string;
  readonly modWsgi: string;
  /** "name=version", sorted. */
  readonly apt: readonly string[];
  /** "name==version" of what the application's Python sees, sorted. */
  readonly pip: readonly string[];
}

/** The versions of the server and what it runs, by their names in what a run leaves. */
export function versionsOf({ python, apache, modWsgi }: Installed): Readonly<Record<string, string>> {
  return { python, apache, mod_wsgi: modWsgi };
}

/** Reads the lines of installed.sh. */
export function parseInstalled(text: string): Installed {
  const lines = text.split('\n').map((line) => line.split(' '));
  const all = (kind: string): readonly string[] =>
    lines.flatMap(([word, value]) => (word === kind && value ? [value] : []));
  const apt = sortedByName(all('apt'));
  const version = (name: string): string => apt.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  return {
    architecture: all('architecture')[0] ?? '',
    python: all('python')[0] ?? '',
    apache: version('apache2'),
    modWsgi: all('mod_wsgi')[0] ?? version('libapache2-mod-wsgi-py3'),
    apt,
    pip: sortedByName(all('pip')),
  };
}

/** Lines that begin with a name and "=", in an order that is the same everywhere, capitals or not. */
export function sortedByName(lines: readonly string[]): readonly string[] {
  const keyed = lines.map((line) => [line.toLowerCase().split('=')[0] ?? '', line] as const);
  return keyed.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, line]) => line);
}
