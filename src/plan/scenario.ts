import { createHash } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { type ContainerInputs, containerPlan, ROOT, STATE } from './container.ts';
import { hash } from './image.ts';
import { label } from './labels.ts';
import type { ContainerPlan, ContextFile, ImagePlan } from './plan.ts';

/** Who the application runs as in a scenario, on every machine. */
export const SCENARIO_USER = '1000:1000';

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
    context: [{ path: 'Dockerfile', content: dockerfile }, ...files],
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
  inputs: Omit<ContainerInputs, 'hostPort' | 'editorPort'>,
): ContainerPlan {
  const plan = containerPlan(
    { ...config, env: { ...FIXED_ENVIRONMENT, ...config.env } },
    { ...inputs, user: SCENARIO_USER, hostPort: 0, editorPort: undefined },
  );
  return {
    ...plan,
    hostname: 'wsgi-dev',
    binds: [{ source: inputs.stateDirectory, target: STATE, readOnly: false }, ...config.mounts],
  };
}
