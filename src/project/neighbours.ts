import type { ContainerInfo } from '../engine/engine.ts';

/** The containers that a project's own stands among: of a compose project, in the place of one of its services. */
export interface Neighbours {
  /** Resolves once networks and volumes are there, and what the application depends on runs and is healthy. `existing`: the project's own container. */
  ready(existing: ContainerInfo | undefined): Promise<void>;
  /** Stops what a new container takes the place of; resolves with the labels that this one gets for it. */
  makeRoom(existing: ContainerInfo | undefined): Promise<Readonly<Record<string, string>>>;
  /** Undoes what was done for a container that didn't come to be. */
  undo(): Promise<void>;
}
