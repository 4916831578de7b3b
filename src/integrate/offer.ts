import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { askYesNo } from '../ask.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Output } from '../log.ts';
import { unwritten } from '../unwritten.ts';

/** A file as it is to be. */
export interface Offered {
  /** Below the project directory. */
  readonly path: string;
  readonly content: string;
  /** How a person calls it, where that is otherwise. */
  readonly shown?: string;
  /** Permission bits; undefined: those it has, or the usual. */
  readonly mode?: number;
  /** wsgi-dev's own, such as a copy of its runner: counted, and not shown line by line. */
  readonly own?: boolean;
}

/** Who is asked, and where it is shown. */
export interface Offering {
  readonly out: Output;
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
  /** Write without asking. */
  readonly yes: boolean;
}

/** What has become of an offer. */
export type Answer = 'written' | 'declined' | 'unchanged';

/**
 * Shows what would change in the project as a diff, and writes it once the person agrees. Where nobody can be asked, only
 * `yes` changes a file that is there: a Fault (code 2) says so, and nothing is written.
 */
export async function offer(directory: string, files: readonly Offered[], asking: Offering): Promise<Answer> {
  const changed = files
    .map((file) => ({ ...file, before: textOf(join(directory, file.path)) }))
    .filter(({ before, content }) => before !== content);
  if (changed.length === 0) {
    asking.out.info('Everything is as it should be: nothing to write');
    return 'unchanged';
  }
  const own = changed.filter((file) => file.own === true);
  const shown = changed.filter((file) => file.own !== true);
  for (const { path, shown: name = path, before, content } of shown) show(name, before, content, asking.out);
  for (const [folder, count] of counted(own)) asking.out.info(`${folder}: ${count} of wsgi-dev's own files`);
  if (
    !(await agreed(
      changed.some(({ before }) => before !== undefined),
      asking,
    ))
  )
    return 'declined';
  for (const file of changed) {
    try {
      write(directory, file);
    } catch (error) {
      throw unwritten(join(directory, file.path), error);
    }
  }
  for (const path of [...shown.map((one) => one.shown ?? one.path), ...counted(own).keys()])
    asking.out.info(`Wrote ${path}`);
  return 'written';
}

async function agreed(overwrites: boolean, { out, stdin, stderr, yes }: Offering): Promise<boolean> {
  if (yes) return true;
  if (stdin.isTTY !== true || stderr.isTTY !== true) {
    if (!overwrites) return true;
    throw new Fault('Nothing was written: files that are there would change, and nobody can be asked', {
      code: ExitCode.usage,
      hint: 'The diff stands above; --yes writes it.',
    });
  }
  if (await askYesNo('Write this?', false, { stdin, stderr })) return true;
  out.info('Nothing was written');
  return false;
}

function show(path: string, before: string | undefined, content: string, { info, colors }: Output): void {
  const patch = createTwoFilesPatch(before === undefined ? '/dev/null' : path, path, before ?? '', content, '', '', {
    headerOptions: FILE_HEADERS_ONLY,
  });
  for (const line of patch.trimEnd().split('\n')) {
    info(line.startsWith('+') ? colors.green(line) : line.startsWith('-') ? colors.red(line) : line);
  }
}

/** How many files lie in which folder. */
function counted(files: readonly Offered[]): ReadonlyMap<string, number> {
  const folders = new Map<string, number>();
  for (const { path } of files) folders.set(`${dirname(path)}/`, (folders.get(`${dirname(path)}/`) ?? 0) + 1);
  return folders;
}

function write(directory: string, { path, content, mode }: Offered): void {
  const file = join(directory, path);
  const isNew = !existsSync(file);
  const first = mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  if (mode !== undefined) chmodSync(file, mode);
  // What root makes in a developer's project is the developer's.
  const { uid, gid } = statSync(directory);
  if (uid === process.getuid?.()) return;
  for (let one = dirname(file); first !== undefined && one.length >= first.length; one = dirname(one)) {
    chownSync(one, uid, gid);
  }
  if (isNew) chownSync(file, uid, gid);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Fault(`${file} can't be read: ${(error as Error).message}`, { code: ExitCode.usage, cause: error });
  }
}
