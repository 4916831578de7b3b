import type { Config } from '../../config/config.ts';
import type { Engine } from '../../engine/engine.ts';
import { label } from '../../plan/labels.ts';
import { lanePlan } from '../../plan/scenario.ts';
import type { Address } from '../perform/client.ts';
import { addressOf } from '../perform/container.ts';

/** Where the containers of one job are, one after the other: no other job's are. */
export interface Lane {
  /** undefined: the engine's default one. */
  readonly network: string | undefined;
  /** Where its port is on this machine; undefined: each container has one of its own. */
  readonly address: Address | undefined;
}

/** The lanes of the jobs: made at the first need, used again, removed in the end. */
export interface Lanes {
  /** A lane that no other job has; `image` is one that the container is to run. */
  take(config: Config, image: string): Promise<Lane>;
  giveBack(lane: Lane): void;
  /** Nothing is left to begin: those that nobody has are removed, and `remove` waits for that. */
  retire(): void;
  remove(): Promise<void>;
}

export interface LanesRequest {
  readonly engine: Engine;
  /** Of this run of scenarios: in the names of what is made. */
  readonly suite: string;
  /** Each lane has a network of its own: one at a time has nobody to be kept apart from. */
  readonly apart: boolean;
  /**
   * The network that a container sees, and its port, take half of a start. A lane that many use keeps them, in a container that
   * does nothing else.
   */
  readonly kept: boolean;
  readonly version: string;
  /** The mark of this process, for labels. */
  readonly runBy: string;
}

/** What undoes a lane, in the order of what was done. */
type Undo = (() => Promise<void>)[];

async function undone(undo: Undo): Promise<void> {
  // A network can be removed once nothing is on it.
  for (const one of undo.splice(0).toReversed()) await one();
}

/** None yet. */
export function createLanes({ engine, suite, apart, kept, version, runBy }: LanesRequest): Lanes {
  const free: Lane[] = [];
  /** Of each that was begun. */
  const begun: Undo[] = [];
  const undoOf = new Map<Lane, Undo>();
  let retiring = Promise.resolve();

  async function make(config: Config, image: string): Promise<Lane> {
    const undo: Undo = [];
    begun.push(undo);
    const name = `${config.name}-${suite}-lane-${begun.length}`;
    const lane = await begin(name, undo, config, image);
    undoOf.set(lane, undo);
    return lane;
  }

  async function begin(name: string, undo: Undo, config: Config, image: string): Promise<Lane> {
    const network = apart ? name : undefined;
    if (network !== undefined) {
      undo.push(() => engine.removeNetwork(network));
      await engine.createNetwork(network, { [label.project]: config.name, [label.runBy]: runBy });
    }
    if (!kept) return { network, address: undefined };
    const container = await engine.create(lanePlan(config, { name, image, network, version, runBy }));
    undo.push(() => engine.remove(container));
    await engine.start(container);
    return { network: `container:${container}`, address: await addressOf(engine, container) };
  }

  return {
    async take(config, image) {
      // What a configuration says of networks, it says of a container's own.
      if (config.network !== undefined || config.joined !== undefined) {
        return { network: config.network, address: undefined };
      }
      return free.pop() ?? (await make(config, image));
    },
    giveBack(lane) {
      if (undoOf.has(lane)) free.push(lane);
    },
    retire() {
      const spare = free.splice(0);
      retiring = retiring.then(async () => {
        for (const lane of spare) await undone(undoOf.get(lane) ?? []);
      });
      // `remove` tells of what went wrong.
      retiring.catch(() => undefined);
    },
    async remove() {
      await retiring;
      for (const undo of begun) await undone(undo);
    },
  };
}
