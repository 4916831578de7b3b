import type { ReadStream, WriteStream } from 'node:tty';
import type { Flags } from '../config/flags.ts';
import type { Endpoint } from '../engine/endpoint.ts';
import type { Engine } from '../engine/engine.ts';
import type { Project } from '../project/container.ts';
import type { Surroundings } from '../project/surroundings.ts';

/** What every command gets: the process as cli.ts saw it, and the global flags. */
export interface Context extends Surroundings {
  readonly cwd: string;
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
  /** The global flags that find a project. */
  readonly flags: Flags;
  /** The engine in the words of the docker CLI, where flags name it: ["--context", "prod"]. */
  readonly dockerFlags: readonly string[];
  /** The process's exit code, where it is not 0 and no Fault says it. */
  exit(code: number): void;
  /** Which engine is meant, and who said so. */
  endpoint(): Promise<Endpoint>;
  /** The engine that flags and environment name; loaded at the first use, connected to at the first request. */
  engine(): Promise<Engine>;
  /** The project here, without looking for its application. */
  project(): Promise<Project>;
}
