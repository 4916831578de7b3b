import type { Engine } from '../../engine/engine.ts';
import { label } from '../../plan/labels.ts';
import { composeLabel, inPlaceOf } from './labels.ts';

/** A service of a compose project, and the port of this machine that it is to be published on. */
export interface Publication {
  readonly project: string;
  readonly service: string;
  readonly hostPort: number;
}

/**
 * A line on the container that has a service's port, where it isn't the service itself: `docker compose up` would end with
 * "port is already allocated". undefined: no container has it.
 */
export async function portHolder(engine: Engine, publication: Publication): Promise<string | undefined> {
  const { service, hostPort } = publication;
  const all = await engine.list({});
  const holder = all.find(
    ({ state, publish, labels }) =>
      state === 'running' && publish.some((one) => one.hostPort === hostPort) && !inPlaceOf(labels, publication),
  );
  if (holder === undefined) return undefined;
  const directory = holder.labels[label.workingDir];
  const remedy =
    directory !== undefined && holder.labels[composeLabel.project] === undefined
      ? `take it down first, with \`wsgi-dev down\` in ${directory}`
      : `stop it first, or change the port of ${service} in the file`;
  return `Port ${hostPort} is that of the container ${holder.name}, and \`docker compose up\` would end with "port is already allocated": ${remedy}`;
}
