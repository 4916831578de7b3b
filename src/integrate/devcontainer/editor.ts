import { isObject, pushJsonc, readJsonc, setJsonc } from '../../jsonc.ts';
import { attachConfiguration } from '../../project/launch.ts';

const COMMENT = '// Written by `wsgi-dev devcontainer init`: for the inside of the devcontainer.';
/** Where debugpy listens inside, when `--debugger debugpy` asks for it. */
const EDITOR_PORT = 5678;
const UP = 'wsgi-dev: up for the editor';

/** .vscode/launch.json with a configuration that attaches to debugpy inside, and all that it had. */
export function mergeLaunch(before: string | undefined, path: string): string {
  const folder = `\${workspaceFolder}`;
  const attach = {
    ...attachConfiguration({ host: '127.0.0.1', port: EDITOR_PORT, localRoot: folder, remoteRoot: folder }),
    name: 'wsgi-dev: attach (devcontainer)',
    preLaunchTask: UP,
  };
  return withEntries(before, path, { version: '0.2.0' }, 'configurations', 'name', [attach]);
}

/** .vscode/tasks.json with what starts and ends the server inside, and all that it had. */
export function mergeTasks(before: string | undefined, path: string): string {
  const tasks = [
    { label: 'wsgi-dev: up --debug', type: 'shell', command: 'wsgi-dev up --debug', problemMatcher: [] },
    {
      label: UP,
      type: 'shell',
      command: 'wsgi-dev down && wsgi-dev up --debug --debugger debugpy',
      isBackground: true,
      problemMatcher: {
        pattern: { regexp: '^error: (.*)$', message: 1 },
        background: { activeOnStart: true, beginsPattern: '^Starting', endsPattern: 'debugpy waits for an editor' },
      },
    },
    { label: 'wsgi-dev: down', type: 'shell', command: 'wsgi-dev down', problemMatcher: [] },
  ];
  return withEntries(before, path, { version: '2.0.0' }, 'tasks', 'label', tasks);
}

/** The entries that `list` lacks, told by `key`, are added at its end. */
function withEntries(
  before: string | undefined,
  path: string,
  head: Readonly<Record<string, string>>,
  list: string,
  key: string,
  entries: readonly Readonly<Record<string, unknown>>[],
): string {
  if (before === undefined || before.trim() === '') {
    return `${COMMENT}\n${JSON.stringify({ ...head, [list]: entries }, undefined, 2)}\n`;
  }
  let text = before;
  for (const entry of entries) {
    const found = readJsonc(text, path)[list];
    const there = Array.isArray(found) ? found : [];
    if (there.some((one) => isObject(one) && one[key] === entry[key])) continue;
    text = Array.isArray(found) ? pushJsonc(text, [list], entry) : setJsonc(text, [list], [entry]);
  }
  return text;
}
