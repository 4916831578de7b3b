import { join, resolve } from 'node:path';
import type { DebugConfig } from './config.ts';
import type { Flags } from './flags.ts';
import type { Problem } from './problems.ts';
import { kindOf } from './text.ts';

/** Absolute directories for what is measured or kept of requests; undefined: nobody asked for it. */
export type Measures = Pick<DebugConfig, 'coverage' | 'profiler' | 'recorder'>;

/** Where coverage, profiles and records go, for a project in `directory`; undefined: nobody asked for them. */
export function measures(flags: Flags, directory: string, cwd: string): Measures {
  const { enableCoverage, coverageDirectory, enableProfiler, profilerDirectory } = flags;
  const { enableRecorder, recorderDirectory } = flags;
  const place = (asked: boolean | undefined, named: string | undefined, usual: string): string | undefined => {
    if (asked !== true) return undefined;
    return named === undefined ? join(directory, '.wsgi-dev', usual) : resolve(cwd, named);
  };
  return {
    coverage: place(enableCoverage, coverageDirectory, 'coverage'),
    profiler: place(enableProfiler, profilerDirectory, 'profile'),
    recorder: place(enableRecorder, recorderDirectory, 'recorder'),
  };
}

/** What can't be measured: without --debug there is no single process to do it in. */
export function measureProblems(flags: Flags, cwd: string): readonly Problem[] {
  return [
    ...problemsOf('coverage', flags.enableCoverage, flags.coverageDirectory, flags.debug, cwd),
    ...problemsOf('profiler', flags.enableProfiler, flags.profilerDirectory, flags.debug, cwd),
    ...problemsOf('recorder', flags.enableRecorder, flags.recorderDirectory, flags.debug, cwd),
  ];
}

function problemsOf(
  name: string,
  asked: boolean | undefined,
  named: string | undefined,
  debug: boolean | undefined,
  cwd: string,
): readonly Problem[] {
  const where = `--${name}-directory ${named}`;
  const kind = named === undefined ? undefined : kindOf(resolve(cwd, named));
  return [
    ...(asked === true && debug !== true
      ? [{ where: `--enable-${name}`, message: 'needs debug mode: add --debug' }]
      : []),
    ...(named !== undefined && asked !== true ? [{ where, message: `has no effect without --enable-${name}` }] : []),
    ...(kind === 'file' ? [{ where, message: `${named} is no directory` }] : []),
  ];
}
