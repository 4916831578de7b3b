import { createHash } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { packagesOf } from './debuggers.ts';
import { label } from './labels.ts';
import type { ContextFile, ImagePlan } from './plan.ts';
import { suiteFor } from './python.ts';

/** What an image is made of besides the configuration: read by project/inputs.ts. */
export interface ImageInputs {
  /** The base image: what the Dockerfile's FROM names, and the id that it has now. */
  readonly base: { readonly ref: string; readonly id: string };
  readonly dockerfile: string;
  /** The runner's files, paths below runner/. */
  readonly runner: readonly ContextFile[];
  /** The requirements files and what they include, paths below requirements/. */
  readonly requirements: readonly ContextFile[];
  /** Paths below requirements/ of those that the project names. */
  readonly requirementsNamed: readonly string[];
  /** Certificate authorities that the host trusts beyond the usual, PEM, paths below certificates/. */
  readonly certificates: readonly ContextFile[];
}

/** The image of a project: its tag is a hash of all that goes in, so that an unchanged project builds nothing. */
export function imagePlan(
  config: Pick<Config, 'name' | 'python' | 'server' | 'packages' | 'debug'>,
  inputs: ImageInputs,
): ImagePlan {
  const context: readonly ContextFile[] = [
    { path: 'Dockerfile', content: inputs.dockerfile },
    ...below('runner', inputs.runner),
    ...below('requirements', inputs.requirements),
    // One file for the whole, so that paths with spaces need no quoting on the way to pip.
    { path: 'requirements/wsgi-dev.txt', content: inputs.requirementsNamed.map((path) => `-r ${path}\n`).join('') },
    ...below('certificates', inputs.certificates),
    ...debuggerFile(config),
    // COPY needs each directory to be there.
    { path: 'certificates/README', content: 'Certificate authorities of the host, for the build alone.\n' },
  ];
  const buildArgs = {
    BASE: inputs.base.ref,
    APT_OPTIONS: suiteFor(config).aptOptions,
    APT_PACKAGES: [...config.packages.apt].sort().join(' '),
    ...compiled(config),
  };
  return {
    tag: `wsgi-dev/${config.name}:${hash([inputs.base.id, buildArgs, context])}`,
    context,
    buildArgs,
    labels: { [label.project]: config.name, [label.base]: inputs.base.id },
  };
}

/** What the stage that compiles mod_wsgi needs; the engine warns of arguments that no stage uses. */
function compiled({
  python,
  server: { modWsgi },
}: Pick<Config, 'python' | 'server'>): Readonly<Record<string, string>> {
  return modWsgi.kind === 'pypi' ? { PYTHON: python, MOD_WSGI: modWsgi.version } : {};
}

/** What pip installs for a debugger; none for pdb, whose Dockerfile has no stage that would read it. */
function debuggerFile({ debug, python }: Pick<Config, 'debug' | 'python'>): readonly ContextFile[] {
  const packages = packagesOf(debug.debugger, python);
  if (packages.length === 0) return [];
  return [{ path: 'debugger/requirements.txt', content: packages.map((line) => `${line}\n`).join('') }];
}

function below(directory: string, files: readonly ContextFile[]): readonly ContextFile[] {
  return files.map(({ path, content }) => ({ path: `${directory}/${path}`, content }));
}

/** Twelve hexadecimal digits of SHA-256 over the JSON of `value`; Buffers count by their content. */
export function hash(value: unknown): string {
  const text = JSON.stringify(value, (_key, item: unknown) => item);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
