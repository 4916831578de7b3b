import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExitCode, Fault } from '../errors.ts';
import type { ScenarioResult } from '../scenario/result/result.ts';
import { scenarioResult } from '../scenario/result/result-schema.ts';
import type { Archive, PackedFile } from './archive.ts';
import { EVIDENCE } from './evidence.ts';
import { printed } from './manifest.ts';

/** What is in an archive, by what it is for. */
export interface Contents {
  /** Paths from the project's directory. */
  readonly source: readonly PackedFile[];
  readonly evidence: readonly PackedFile[];
  readonly patch: PackedFile | undefined;
  readonly result: ScenarioResult;
  /** Empty where the run left none. */
  readonly transcript: string;
}

/** Sorts the files of a checked archive called `name`; a Fault (code 2) tells of one that has no place in it. */
export function contentsOf({ manifest, files }: Archive, name: string): Contents {
  const wrong = (what: string): Fault =>
    new Fault(`${name}: ${what}`, { code: ExitCode.usage, hint: 'Nothing of it was written.' });
  const all = [...files.values()];
  const known = new Set<string>(['revision.patch', ...EVIDENCE.map((file) => `evidence/${file}`)]);
  const alien = all.find(({ path }) => !path.startsWith('source/') && !known.has(path));
  if (alien !== undefined) throw wrong(`\`${printed(alien.path)}\` has no place in it`);
  const scenario = `source/${manifest.scenario.file}`;
  if (!files.has(scenario)) throw wrong(`\`${printed(scenario)}\`, the scenario, is absent`);
  const result = scenarioResult.safeParse(json(files.get('evidence/result.json')));
  if (!result.success) throw wrong('`evidence/result.json` is no result of a scenario');
  if (result.data.outcome !== manifest.outcome || result.data.name !== manifest.scenario.name) {
    throw wrong('`evidence/result.json` is not of the scenario that manifest.json names');
  }
  return {
    source: below(all, 'source/'),
    evidence: below(all, 'evidence/'),
    patch: files.get('revision.patch'),
    result: result.data,
    transcript: files.get('evidence/transcript.txt')?.content.toString('utf8') ?? '',
  };
}

function json(file: PackedFile | undefined): unknown {
  try {
    return JSON.parse(file?.content.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}

function below(files: readonly PackedFile[], directory: string): readonly PackedFile[] {
  const inner = files.filter(({ path }) => path.startsWith(directory));
  return inner.map((file) => ({ ...file, path: file.path.slice(directory.length) }));
}

/** A configuration file in the project's directory, so that none further up is taken for its own. */
const EMPTY_CONFIGURATION = '# Made by wsgi-dev reproduce: the project had none.\n';

/**
 * Writes an archive's files into `directory`, which must not be there; all or nothing. What was packed of the evidence
 * goes to .wsgi-dev/packed. Returns the directory's real path.
 */
export function unpack({ manifest }: Archive, { source, evidence, patch }: Contents, directory: string): string {
  create(directory);
  const top = realpathSync(directory);
  const write = (path: string, content: Buffer | string, mode = 0o644): void => {
    const file = join(top, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode, flag: 'wx' });
  };
  const has = (path: string): boolean => source.some((file) => file.path === path);
  const names = ['wsgi-dev.yaml', 'wsgi-dev.yml', 'wsgi-dev.override.yaml', 'wsgi-dev.override.yml'];
  try {
    for (const { path, content, mode } of source) write(path, content, mode);
    for (const { path, content } of evidence) write(`.wsgi-dev/packed/${path}`, content);
    if (patch !== undefined) write('.wsgi-dev/packed/revision.patch', patch.content);
    write('.wsgi-dev/.gitignore', '*\n');
    if (!names.some(has)) write('wsgi-dev.yaml', EMPTY_CONFIGURATION);
    for (const { path, names: variables } of manifest.envFiles) {
      if (!has(path))
        write(path, `# Left out of the archive: the names alone.\n${variables.map((one) => `${one}\n`).join('')}`);
    }
  } catch (error) {
    rmSync(top, { recursive: true, force: true });
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new Fault(`The archive can't be unpacked into ${directory}: ${message}`, {
      code: ExitCode.usage,
      hint: code === 'EEXIST' ? 'Two of its names are the same to this file system.' : 'Nothing of it was left there.',
      cause: error,
    });
  }
  return top;
}

function create(directory: string): void {
  try {
    mkdirSync(dirname(directory), { recursive: true });
    mkdirSync(directory);
  } catch (error) {
    const there = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new Fault(there ? `${directory} is there already` : `${directory} can't be made: ${String(error)}`, {
      code: ExitCode.usage,
      hint: 'Name another directory with --directory.',
      cause: error,
    });
  }
}
