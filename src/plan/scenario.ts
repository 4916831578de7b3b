import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Config } from '../config/config.ts';
import type { JoinedMount, JoinedService } from '../config/joined.ts';
import { type ContainerInputs, containerPlan, isInside, PORT, ROOT, STATE, visiting } from './container.ts';
import { hash } from './image.ts';
import { label } from './labels.ts';
import type { ContainerPlan, ContextFile, ImagePlan } from './plan.ts';

/** Who the application runs as in a scenario, on every machine. */
export const SCENARIO_USER = '1000:1000';
const HOSTNAME = 'wsgi-dev';

/** What would differ from machine to machine or from run to run; what the scenario says goes before it. */
export const FIXED_ENVIRONMENT: Readonly<Record<string, string>> = {
  TZ: 'UTC',
  PYTHONHASHSEED: '0',
  NO_COLOR: '1',
  // The real time can't be had otherwise; what reads this (wheels, Sphinx, archives) is the same each time.
  SOURCE_DATE_EPOCH: '1577836800',
};

/** The project's image with its source in it: each scenario changes a copy of its own, and no work tree is needed. */
export function sourceImagePlan(project: string, image: string, source: readonly ContextFile[]): ImagePlan {
  const dockerfile = `FROM ${image}\nCOPY --chown=${SCENARIO_USER} app/ ${ROOT}/\n`;
  const files = source.map((file) => ({ ...file, path: `app/${file.path}` }));
  return {
    tag: `wsgi-dev/${project}-source:${hash([dockerfile, files.map(({ path, mode, content }) => [path, mode, digest(content)])])}`,
    context: () => [{ path: 'Dockerfile', content: dockerfile }, ...files],
    buildArgs: {},
    labels: { [label.project]: project },
  };
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The container of one scenario: its source is in the image, its port the engine's choice, its names always the same. */
export function scenarioContainerPlan(
  config: Config,
  inputs: Omit<ContainerInputs, 'hostPort' | 'editorPort'> & {
    /** It uses the network namespace of another container, whose name and port are its own then. */
    readonly ofLane: boolean;
    /** The mark of the process that runs it. */
    readonly runBy: string;
  },
): ContainerPlan {
  const plan = containerPlan(
    { ...config, env: { ...FIXED_ENVIRONMENT, ...config.env } },
    { ...inputs, user: SCENARIO_USER, hostPort: 0, editorPort: undefined },
  );
  return {
    ...plan,
    ...(inputs.ofLane ? { publish: [] } : { hostname: HOSTNAME }),
    binds: [{ source: inputs.stateDirectory, target: STATE, readOnly: false }, ...config.mounts],
    labels: { ...plan.labels, [label.runBy]: inputs.runBy },
  };
}

/**
 * The place of a compose service for a scenario: among its networks and on no port or name of its. The project in `root` is
 * in the image, and not mounted anywhere; what the service starts there is started at /app.
 */
export function scenarioPlace(joined: JoinedService, root: string): JoinedService {
  const trees = joined.mounts.flatMap((one) => (isTree(one, root) ? [one] : []));
  const { workingDir } = joined;
  const tree = trees.find(({ target }) => workingDir !== undefined && isInside(workingDir, target));
  return {
    ...visiting(joined),
    port: PORT,
    labels: {},
    mounts: joined.mounts.filter((one) => !isTree(one, root)),
    workingDir: tree === undefined || workingDir === undefined ? workingDir : below(tree, root, workingDir),
  };
}

type BoundDirectory = Extract<JoinedMount, { kind: 'bind' }>;

/** Whether a mount has all of the project in it. */
function isTree(mount: JoinedMount, root: string): mount is BoundDirectory {
  return mount.kind === 'bind' && isInside(root, mount.source);
}

/** What lies at `path` by the mount, as the image has it; undefined: it is above the project. */
function below({ source, target }: BoundDirectory, root: string, path: string): string | undefined {
  const way = posix.relative(posix.join(target, posix.relative(source, root)), path);
  return way === '' || way.startsWith('..') ? undefined : posix.join(ROOT, way);
}

/** What is made for a lane: the containers of its scenarios see its network and its host's name, and are reached at its port. */
export interface LaneInputs {
  readonly name: string;
  readonly image: string;
  readonly network: string | undefined;
  readonly version: string;
  readonly runBy: string;
}

/** A container that does nothing: it holds a network namespace and a port while those that use them come and go. */
export function lanePlan(config: Config, { name, image, network, version, runBy }: LaneInputs): ContainerPlan {
  return {
    name,
    image,
    command: ['sleep', 'infinity'],
    user: SCENARIO_USER,
    workingDir: ROOT,
    hostname: HOSTNAME,
    env: [],
    binds: [],
    publish: [{ hostIp: '127.0.0.1', hostPort: 0, containerPort: PORT }],
    network,
    labels: {
      [label.project]: config.name,
      [label.version]: version,
      [label.runBy]: runBy,
    },
  };
}
