import {
  accessSync,
  chownSync,
  constants,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import type { Config } from '../config/config.ts';
import { ROOT } from '../plan/container.ts';
import { type Attach, merge } from './launch-merge.ts';

const NAME = 'wsgi-dev: attach';

/**
 * What a person does to debug in an editor, in lines; `port` is debugpy's on the host. VS Code's .vscode/launch.json gets
 * the configuration that attaches, and is written as the project's owner's where there is none. One that can't be
 * understood or written is left alone, and they are told what to add.
 */
export function launchHint(config: Pick<Config, 'directory' | 'root' | 'debug'>, port: number): readonly string[] {
  const file = join(config.directory, '.vscode', 'launch.json');
  const attach = fromOutside(config, port);
  return (
    hintAfter(file, config.directory, attach) ?? [
      'Add this to "configurations" in .vscode/launch.json and start it in VS Code:',
      ...indented(attach, 2),
    ]
  );
}

/** What to say once the file attaches; undefined where it can't be brought to. */
function hintAfter(file: string, directory: string, attach: Attach): readonly string[] | undefined {
  const found = read(file);
  if (found === undefined) {
    return write(file, directory, attach) ? [`Wrote .vscode/launch.json: start "${NAME}" in VS Code`] : undefined;
  }
  const merged = merge(found, attach);
  if (merged === undefined || (merged.change !== 'none' && !replace(file, merged.text))) return undefined;
  const done = {
    none: `.vscode/launch.json has it: start "${merged.name}" in VS Code`,
    added: `Added "${merged.name}" to .vscode/launch.json: start it in VS Code`,
    updated: `Updated "${merged.name}" in .vscode/launch.json: start it in VS Code`,
  };
  return [done[merged.change]];
}

/** Where an editor finds debugpy, and where the source is on both sides. */
export interface AttachPlace {
  readonly host: string;
  readonly port: number;
  readonly localRoot: string;
  readonly remoteRoot: string;
}

/** VS Code's launch configuration that attaches to debugpy. */
export function attachConfiguration({ host, port, localRoot, remoteRoot }: AttachPlace): Attach {
  return {
    name: NAME,
    type: 'debugpy',
    request: 'attach',
    connect: { host, port },
    pathMappings: [{ localRoot, remoteRoot }],
    justMyCode: true,
  };
}

function fromOutside({ directory, root, debug }: Parameters<typeof launchHint>[0], port: number): Attach {
  const { host } = debug.editor;
  const inside = relative(directory, root).split(sep).join(posix.sep);
  return attachConfiguration({
    host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host,
    port,
    localRoot: posix.join(`\${workspaceFolder}`, inside),
    remoteRoot: ROOT,
  });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // What can't be read is there.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : '';
  }
}

/** Whether it could be written, where there was none. */
function write(file: string, directory: string, attach: Attach): boolean {
  const folder = join(file, '..');
  const text = [
    '{',
    '  // Written by `wsgi-dev up --debug --debugger debugpy`, which keeps this one configuration up to date.',
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

/** Whether another text could take the file's place: all of it, or none. */
function replace(file: string, text: string): boolean {
  const temporary = `${file}.${process.pid}`;
  try {
    accessSync(file, constants.W_OK);
    const { mode, uid, gid } = statSync(file);
    writeFileSync(temporary, text, { mode, flag: 'wx' });
    if (uid !== process.getuid?.()) chownSync(temporary, uid, gid);
    // A link to the file stays one.
    renameSync(temporary, realpathSync(file));
    return true;
  } catch {
    rmSync(temporary, { force: true });
    return false;
  }
}

function indented(value: unknown, by: number): readonly string[] {
  return JSON.stringify(value, undefined, 2)
    .split('\n')
    .map((line) => ' '.repeat(by) + line);
}
