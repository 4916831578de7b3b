import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { readEnvFile } from '../config/envfile.ts';
import type { Environment, Flags } from '../config/flags.ts';
import { locateProject } from '../config/project.ts';
import { resolveConfig } from '../config/resolve.ts';
import { isInside, kindOf } from '../config/text.ts';
import { ExitCode, Fault } from '../errors.ts';
import { LOCK_FILE } from '../plan/locked.ts';
import { readScenario, scenarioFault } from '../scenario/file/parse.ts';
import { listFiles, type PackedFile, readArchive, writeArchive } from './archive.ts';
import { EVIDENCE, type LeftEvidence } from './evidence.ts';
import { envFilesOf, leadsOut } from './leading-out.ts';
import type { Manifest, RunTrace } from './manifest.ts';
import { readRevision } from './revision.ts';
import { isSecretName } from './secrets.ts';
import { handedOver, projectFiles, sorted, sourceDigest, wayTo } from './source.ts';

export interface PackRequest {
  readonly evidence: LeftEvidence;
  /** Where the project is now; undefined: where it was. */
  readonly project: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
  readonly version: string;
}

/** An archive, and what it is. */
export interface Packed {
  readonly bytes: Buffer;
  readonly manifest: Manifest;
}

/** Makes the archive of one scenario that was run. Faults (code 2) where the source is another now, or leads out. */
export async function packScenario({ evidence, project, env, cwd, version }: PackRequest): Promise<Packed> {
  const { result, trace } = evidence;
  const directory = projectDirectory(project ?? resolve(evidence.directory, trace.project));
  const known = sameSettings(env, trace.variables);
  const flags: Flags = {
    debug: true,
    projectDirectory: directory,
    ...(trace.configuration !== undefined && { file: join(directory, trace.configuration) }),
    ...(result.python !== undefined && { python: result.python }),
  };
  const scenario = inProject(directory, result.file);
  const read = readScenario(scenario, { directory, cwd, env: known });
  if ('problems' in read) throw scenarioFault(read.problems);
  const { config } = await resolveConfig(flags, known, directory, { over: read.scenario.layer });
  const { files: configurations } = locateProject(flags, known, directory);
  const envFiles = envFilesOf(configurations, scenario, known);
  const fault = standsOn(trace) ?? leadsOut(config, envFiles);
  if (fault !== undefined) throw new Fault(`${result.name} can't be handed over: ${fault}`, { code: ExitCode.usage });

  const all = await projectFiles(config);
  if (sourceDigest(handedOver(all, trace.output)) !== trace.source) throw changed(directory);
  const isLeftOut = secretIn(directory, envFiles);
  const needed = [scenario, join(directory, LOCK_FILE), ...configurations.filter((path) => !isOverride(path))];
  const sources = new Map<string, PackedFile>();
  for (const { path, content, mode } of handedOver(all, trace.output)) {
    if (isLeftOut(path)) continue;
    sources.set(path, { path, content: Buffer.from(content), mode: mode === 0o755 ? 0o755 : 0o644 });
  }
  for (const path of needed.filter(existsSync).map((file) => wayTo(directory, file))) {
    if (!sources.has(path)) sources.set(path, { path, content: readFileSync(join(directory, path)), mode: 0o644 });
  }
  const wanted = [...all.map(({ path }) => path), ...configurations.map((file) => wayTo(directory, file))];
  const ways = envFiles.map((file) => wayTo(directory, resolve(directory, file)));
  const leftOut = [...new Set([...wanted, ...ways])].filter((path) => !sources.has(path) && !isIn(trace.output, path));
  const revision = await readRevision(directory, isLeftOut);
  const files = sorted([
    ...[...sources.values()].map((file) => ({ ...file, path: `source/${file.path}` })),
    ...evidenceFiles(evidence.directory),
    ...(revision?.about.changed === true
      ? [{ path: 'revision.patch', mode: 0o644, content: revision.patch } as const]
      : []),
  ]);
  const manifest: Manifest = {
    schema: 1,
    wsgiDev: version,
    project: config.name,
    scenario: { name: result.name, file: result.file, python: result.python },
    outcome: result.outcome === 'passed' ? 'passed' : 'failed',
    versions: versionsIn(evidence.directory),
    revision: revision?.about,
    configuration: trace.configuration,
    variables: trace.variables,
    frozen: trace.frozen,
    leftOut: leftOut.sort(),
    envFiles: ways.map((path) => ({ path, names: [...readEnvFile(join(directory, path), path).values.keys()] })),
    files: listFiles(files),
  };
  const bytes = await writeArchive(manifest, files);
  // What is handed over can be taken: the limits and rules for paths are those of the other side.
  await readArchive(bytes, 'The archive');
  return { bytes, manifest };
}

/** What it ran on that no archive holds, for a person; undefined: nothing. */
function standsOn({ devcontainer, service }: RunTrace): string | undefined {
  if (devcontainer !== undefined) {
    return `it ran on the image of ${devcontainer}, which only the devcontainer CLI builds; run it with --no-devcontainer`;
  }
  return service && `it ran among the services of a compose file, as ${service}; run it with --no-service`;
}

function projectDirectory(path: string): string {
  if (kindOf(path) === 'directory') return realpathSync(path);
  throw new Fault(`The project's directory ${path} does not exist`, {
    code: ExitCode.usage,
    hint: 'Where the evidence was moved, say where the project is: -C DIRECTORY.',
  });
}

function inProject(directory: string, file: string): string {
  const path = resolve(directory, file);
  if (isInside(path, directory)) return path;
  throw new Fault(`The scenario ${file} lies outside of the project ${directory}`, {
    code: ExitCode.usage,
    hint: 'What is handed over is the project: move the scenario into it and run it again.',
  });
}

/** The person's environment, with the settings that the run had and no others. */
function sameSettings(env: Environment, variables: Readonly<Record<string, string>>): Environment {
  const others = Object.entries(env).filter(([name]) => !name.startsWith('WSGI_DEV_'));
  return { ...Object.fromEntries(others), ...variables };
}

function changed(directory: string): Fault {
  return new Fault(`The source in ${directory} is not the one that was run: it was changed since`, {
    code: ExitCode.usage,
    hint: 'Run the scenario again with `wsgi-dev ci`, or name the project as it was with -C DIRECTORY.',
  });
}

/** Personal settings over the project's. */
function isOverride(path: string): boolean {
  return /^wsgi-dev\.override\./.test(basename(path));
}

/** By its name, by that of the file it is a link to, or as an env file. */
function secretIn(directory: string, envFiles: readonly string[]): (path: string) => boolean {
  const secret = new Set(envFiles.flatMap((path) => real(resolve(directory, path)) ?? []));
  return (path) => {
    const file = real(join(directory, path));
    return isSecretName(path) || (file !== undefined && (secret.has(file) || isSecretName(relative(directory, file))));
  };
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isIn(directory: string | undefined, path: string): boolean {
  return directory !== undefined && path.startsWith(`${directory}/`);
}

function evidenceFiles(directory: string): readonly PackedFile[] {
  const there = EVIDENCE.filter((name) => kindOf(join(directory, name)) === 'file');
  return there.map((name) => ({
    path: `evidence/${name}`,
    mode: 0o644,
    content: readFileSync(join(directory, name)),
  }));
}

function versionsIn(directory: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(join(directory, 'environment.json'), 'utf8')).versions ?? {};
  } catch {
    // Of an application that never ran nothing could be asked.
    return {};
  }
}
