import { chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import type { Config } from '../config/config.ts';
import { ROOT } from '../plan/container.ts';

const NAME = 'wsgi-dev: attach';

/**
 * What a person does to debug in an editor, in lines; `port` is debugpy's on the host. VS Code's .vscode/launch.json is
 * written where there is none, as the project's owner's; one that is there is theirs, and they are told what to add.
 */
export function launchHint(config: Pick<Config, 'directory' | 'root' | 'debug'>, port: number): readonly string[] {
  const file = join(config.directory, '.vscode', 'launch.json');
  const attach = attachConfiguration(config, port);
  const found = read(file);
  if (found === undefined && write(file, config.directory, attach)) {
    return [`Wrote .vscode/launch.json: start "${NAME}" in VS Code`];
  }
  if (found !== undefined && attaches(found, port)) {
    return ['.vscode/launch.json has it: start it in VS Code'];
  }
  return ['Add this to "configurations" in .vscode/launch.json and start it in VS Code:', ...indented(attach, 2)];
}

function attachConfiguration({ directory, root, debug }: Parameters<typeof launchHint>[0], port: number): unknown {
  const { host } = debug.editor;
  const inside = relative(directory, root).split(sep).join(posix.sep);
  return {
    name: NAME,
    type: 'debugpy',
    request: 'attach',
    connect: { host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host, port },
    pathMappings: [{ localRoot: posix.join(`\${workspaceFolder}`, inside), remoteRoot: ROOT }],
    justMyCode: true,
  };
}

/** Whether a configuration in the file, which may hold comments, goes to `port` and knows where the source is. */
function attaches(text: string, port: number): boolean {
  return (
    new RegExp(`"port"\\s*:\\s*${port}\\b`).test(text) && new RegExp(`"remoteRoot"\\s*:\\s*"${ROOT}/?"`).test(text)
  );
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // What can't be read is there.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : '';
  }
}

/** Whether it could be written. */
function write(file: string, directory: string, attach: unknown): boolean {
  const folder = join(file, '..');
  const text = [
    '{',
    '  // Written by `wsgi-dev up --debug --debugger debugpy`, which leaves it alone from now on.',
    '  "version": "0.2.0",',
    '  "configurations": [',
    ...indented(attach, 4),
    '  ]',
    '}',
    '',
  ].join('\n');
  try {
    const isNew = mkdirSync(folder, { recursive: true }) !== undefined;
    writeFileSync(file, text, { flag: 'wx' });
    // What root makes in a developer's project is the developer's.
    const { uid, gid } = statSync(directory);
    if (uid !== process.getuid?.()) for (const path of isNew ? [folder, file] : [file]) chownSync(path, uid, gid);
    return true;
  } catch {
    return false;
  }
}

function indented(value: unknown, by: number): readonly string[] {
  return JSON.stringify(value, undefined, 2)
    .split('\n')
    .map((line) => ' '.repeat(by) + line);
}
