import { posix } from 'node:path';
import { packageFileKind } from '../config/package-kind.ts';
import { quoted } from '../shell.ts';
import type { ContextFile } from './plan.ts';

/** Every build of it is the same. */
export const UV_VERSION = '0.13.9';

/** What uv installs, as the project names it: paths are POSIX and relative to the project directory. */
export interface UvRequest {
  readonly named: readonly string[];
  readonly groups: readonly string[];
  readonly extras: readonly string[];
}

/** Whether pip, which every Python brings, can't read what is named. */
export function needsUv(named: readonly string[], requirements: readonly ContextFile[]): boolean {
  return named.some((path) => packageFileKind(path) !== 'requirements') || requirements.some(hasLocal);
}

/** The shell script that installs them into /opt/venv, in one resolution but for each pylock.toml, which is one itself. */
export function uvScript({ named, groups, extras }: UvRequest): string {
  const of = (kind: ReturnType<typeof packageFileKind>) => named.filter((path) => packageFileKind(path) === kind);
  const install = 'uv pip install --python /opt/venv/bin/python3';
  const chosen = extras.map((name) => ` --extra ${quoted(name)}`).join('');
  const exported = of('uv-lock').map((path, at) => ({ path, to: `/tmp/uv-lock-${at}.txt` }));
  const grouped = groups.map((name) => ` --group ${quoted(name)}`).join('');
  const inPyproject = of('pyproject').flatMap((path) => groups.map((name) => ` --group ${quoted(`${path}:${name}`)}`));
  const files = [...of('requirements'), ...of('pyproject'), ...exported.map(({ to }) => to)];
  const lines = [
    'set -e',
    ...exported.map(
      ({ path, to }) =>
        `uv export --quiet --frozen --no-emit-workspace --no-header --no-annotate --python /opt/venv/bin/python3 ` +
        `--project ${quoted(posix.dirname(path))}${grouped}${chosen} --output-file ${to} >/dev/null`,
    ),
    ...of('pylock').map((path) => `${install}${grouped}${chosen} -r ${quoted(path)}`),
  ];
  if (files.length > 0) {
    const extra = of('pyproject').length > 0 ? chosen : '';
    lines.push(`${install}${extra}${inPyproject.join('')}${files.map((path) => ` -r ${quoted(path)}`).join('')}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Directories, relative to the project, that the lines of requirements files install as they are edited: `-e PATH`. */
export function editablesIn(text: string): readonly string[] {
  const pattern = /^[ \t]*(?:-e|--editable)(?:[ \t]*=?[ \t]*)([^\s#]+)/gm;
  const paths = [...text.matchAll(pattern)].flatMap(([, path]) => path ?? []);
  return paths.filter((path) => !/^[a-z+]+:|^\w+\+/.test(path)).map((path) => path.replace(/\[.*$/, ''));
}

function hasLocal({ path, content }: ContextFile): boolean {
  return packageFileKind(path) === 'requirements' && editablesIn(content.toString()).length > 0;
}
