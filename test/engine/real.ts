import { connect } from '../../src/engine/docker.ts';
import { resolveEndpoint } from '../../src/engine/endpoint.ts';
import type { ContainerPlan } from '../../src/plan/plan.ts';

/** The engine of the machine: these tests need one, with the image below. */
export const engine = connect(resolveEndpoint({}, process.env));
export const image = 'wsgi-dev/base:bookworm';

let count = 0;

/** A plan for a small container, labelled so that only those of this run are removed. */
export function planOf(command: readonly string[], rest: Partial<ContainerPlan> = {}): ContainerPlan {
  count += 1;
  return {
    name: `wsgi-dev-enginetest-${process.pid}-${count}`,
    image,
    command,
    user: '0:0',
    workingDir: '/',
    env: [],
    binds: [],
    publish: [],
    network: undefined,
    labels,
    ...rest,
  };
}

export const labels = { 'dev.wsgi-dev.enginetest': `${process.pid}` };

export async function removeAll(): Promise<void> {
  for (const { id } of await engine.list(labels)) {
    await engine.remove(id);
  }
}
