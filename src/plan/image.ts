import { createHash } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { installScript } from './installer.ts';
import { label } from './labels.ts';
import type { LockedParts } from './locked.ts';
import type { ContextFile, ImagePlan } from './plan.ts';
import type { Stack } from './stack.ts';
import { packagesOf, toolsOf } from './tools.ts';
import { needsUv, UV_VERSION, uvScript } from './uv.ts';

/** What an image is made of besides the configuration: read by project/inputs.ts. */
export interface ImageInputs {
  /** The base image: what the Dockerfile's FROM names, and the id that it has now. */
  readonly base: { readonly ref: string; readonly id: string };
  readonly stack: Stack;
  readonly dockerfile: string;
  readonly runner: Runner;
  /** The requirements files and what they include, paths below requirements/. */
  readonly requirements: readonly ContextFile[];
  /** Paths below requirements/ of those that the project names. */
  readonly requirementsNamed: readonly string[];
  /** Certificate authorities that the host trusts beyond the usual, PEM, paths below certificates/. */
  readonly certificates: readonly ContextFile[];
  /** Built from a lock: this instead of the packages that the configuration names. */
  readonly locked?: LockedParts | undefined;
}

/** The program inside the container that starts Apache and the application. */
export interface Runner {
  /** Of all its files: "sha256:…" */
  readonly hash: string;
  /** Reads them: hundreds of kilobytes, which a start has no need of. Paths below runner/. */
  files(): readonly ContextFile[];
}

/** The image of a project: its tag is a hash of all that goes in, so that an unchanged project builds nothing. */
export function imagePlan(config: Pick<Config, 'name' | 'packages' | 'debug'>, inputs: ImageInputs): ImagePlan {
  const ours: readonly ContextFile[] = [
    { path: 'Dockerfile', content: inputs.dockerfile },
    ...requirementsFiles(config.packages, inputs),
    ...below('certificates', inputs.certificates),
    ...toolsFile(config, inputs.stack),
    { path: 'build/install.sh', content: installScript },
    // COPY needs each directory to be there.
    { path: 'certificates/README', content: 'Certificate authorities of the host, for the build alone.\n' },
  ];
  const buildArgs = {
    BASE: inputs.base.ref,
    APT_PACKAGES: [...config.packages.apt].sort().join(' '),
    ...stackArgs(inputs.stack),
    DEBIAN_PYTHON: config.packages.apt.length > 0 && inputs.stack.distribution ? 'yes' : '',
    ...(withUv(inputs) && { UV: UV_VERSION }),
    ...(inputs.locked !== undefined && lockedArgs(inputs.locked, inputs.stack)),
  };
  return {
    tag: `wsgi-dev/${config.name}:${hash([inputs.base.id, buildArgs, inputs.runner.hash, ours])}`,
    context: () => [...ours, ...below('runner', inputs.runner.files())],
    buildArgs,
    labels: { [label.project]: config.name, [label.base]: inputs.base.id },
  };
}

/** Whether uv installs the project's requirements; of a lock pip does. */
export function withUv({
  requirements,
  requirementsNamed,
  locked,
}: Pick<ImageInputs, 'requirements' | 'requirementsNamed' | 'locked'>): boolean {
  return locked === undefined && needsUv(requirementsNamed, requirements);
}

/** One file for the whole, so that paths with spaces need no quoting on the way to pip. */
function requirementsFiles(
  { groups, extras }: Config['packages'],
  { requirements, requirementsNamed, locked }: ImageInputs,
): readonly ContextFile[] {
  const path = 'requirements/wsgi-dev.txt';
  if (locked !== undefined) return [{ path, content: locked.requirements }];
  if (needsUv(requirementsNamed, requirements)) {
    const script = uvScript({ named: requirementsNamed, groups, extras });
    return [...below('requirements', requirements), { path: 'requirements/wsgi-dev.sh', content: script }];
  }
  const named = requirementsNamed.map((one) => `-r ${one}\n`).join('');
  return [...below('requirements', requirements), { path, content: named }];
}

/** The build arguments of a lock, over those of the configuration. */
function lockedArgs({ apt, modWsgi }: LockedParts, stack: Stack): Readonly<Record<string, string>> {
  return {
    APT_LOCKED: apt,
    APT_PACKAGES: '',
    PIP_OPTIONS: '--no-deps --require-hashes',
    ...(stack.modWsgi.kind === 'pypi' && { MOD_WSGI: modWsgi }),
  };
}

/** The build arguments of a stack: those that its Dockerfile uses, as the engine warns of others. */
function stackArgs(stack: Stack): Readonly<Record<string, string>> {
  const { python, interpreter, distribution, modWsgi, aptOptions, inherits, sitePackages } = stack;
  return {
    APT_OPTIONS: aptOptions,
    PYTHON: interpreter,
    VENV_OPTIONS: inherits ? '--system-site-packages' : '',
    SITE_PACKAGES: sitePackages ?? '',
    ...(modWsgi.kind === 'pypi' && {
      MOD_WSGI: modWsgi.version,
      PYTHON_PACKAGES: distribution ? `libpython${python} python3 python3-venv` : '',
      PYTHON_HEADERS: distribution ? 'python3-dev' : '',
    }),
  };
}

/** What pip installs for the tools; none where Python brings all of them, as the Dockerfile has no stage to read it. */
function toolsFile({ debug }: Pick<Config, 'debug'>, { python }: Stack): readonly ContextFile[] {
  const packages = packagesOf(toolsOf(debug), python);
  if (packages.length === 0) return [];
  return [{ path: 'tools/requirements.txt', content: packages.map((line) => `${line}\n`).join('') }];
}

function below(directory: string, files: readonly ContextFile[]): readonly ContextFile[] {
  return files.map(({ path, content }) => ({ path: `${directory}/${path}`, content }));
}

/** Twelve hexadecimal digits of SHA-256 over the JSON of `value`; Buffers count by their content. */
export function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
