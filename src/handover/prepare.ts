import { join, posix, relative, sep } from 'node:path';
import type { Flags } from '../config/flags.ts';
import { locateProject } from '../config/project.ts';
import { resolveConfig } from '../config/resolve.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { ContextFile } from '../plan/plan.ts';
import { readScenario, scenarioFault } from '../scenario/file/parse.ts';
import { StepFailure } from '../scenario/perform/stage.ts';
import { expand } from '../scenario/suite/expand.ts';
import type { Prepared } from '../scenario/suite/suite.ts';
import { envFilesOf, leadsOut } from './leading-out.ts';
import type { Manifest } from './manifest.ts';
import { wayInside } from './source.ts';
import type { Contents } from './unpack.ts';

/** What is to be run again, and the files of the project's root. */
export interface PreparedAgain {
  readonly prepared: Prepared;
  readonly source: readonly ContextFile[];
  readonly notices: readonly string[];
}

/**
 * The packed scenario in `directory`, where it was unpacked. It is a stranger's: of this machine's environment it sees
 * `given` alone, and nothing outside of the directory; a Fault (code 2) tells what would lead out.
 */
export async function prepareAgain(
  { scenario, configuration, variables }: Manifest,
  { source }: Contents,
  directory: string,
  {
    given,
    cwd,
    projectName,
  }: { given: Readonly<Record<string, string>>; cwd: string; projectName: string | undefined },
): Promise<PreparedAgain> {
  const env = { ...given, ...variables };
  const flags: Flags = {
    debug: true,
    debugger: 'pdb',
    projectDirectory: directory,
    ...(projectName !== undefined && { projectName }),
    ...(configuration !== undefined && { file: join(directory, configuration) }),
    ...(scenario.python !== undefined && { python: scenario.python }),
  };
  const path = join(directory, scenario.file);
  const { files } = locateProject(flags, env, directory);
  // Before anything is read that they name.
  refuse(envOutside(envFilesOf(files, path, env)));
  const read = readScenario(path, { directory, cwd, env });
  if ('problems' in read) throw scenarioFault(read.problems);
  const run = expand(read.scenario).find(({ name }) => name === scenario.name);
  if (run === undefined) {
    throw new Fault(`${scenario.file} has no scenario called ${scenario.name}`, { code: ExitCode.usage });
  }
  const { config, notices } = await resolveConfig(flags, env, directory, { over: run.layer });
  refuse(leadsOut(config, []));
  const root = wayInside(directory, config.root);
  const inRoot = source.filter((file) => root === undefined || file.path.startsWith(`${root}/`));
  const readUpload = uploads(source, directory);
  return {
    prepared: { run: { ...run, skip: undefined, readUpload }, config, python: scenario.python },
    source: inRoot.map((file) => ({
      ...file,
      path: root === undefined ? file.path : file.path.slice(root.length + 1),
    })),
    notices: [...read.notices, ...notices],
  };
}

function envOutside(envFiles: readonly string[]): string | undefined {
  const outside = envFiles.find((path) => posix.isAbsolute(path) || path.split('/').includes('..') || path === '');
  return outside === undefined ? undefined : `env_file: ${outside} lies outside of the project`;
}

function refuse(fault: string | undefined): void {
  if (fault === undefined) return;
  throw new Fault(`The archive is refused: ${fault}`, {
    code: ExitCode.usage,
    hint: 'What comes from elsewhere gets nothing of this machine but a container.',
  });
}

/** From the archive, not from the disk: what runs in the container may have changed that. */
function uploads(source: Contents['source'], directory: string) {
  return async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    const way = relative(directory, path).split(sep).join(posix.sep);
    const file = source.find((one) => one.path === way);
    if (file !== undefined) return new Uint8Array(file.content);
    throw new StepFailure('request', `${way} is not in the archive`);
  };
}
