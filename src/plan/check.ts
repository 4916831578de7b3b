import type { AppTarget, Config } from '../config/config.ts';
import { type OnceInputs, oncePlan, ROOT } from './container.ts';
import type { ContainerPlan } from './plan.ts';

/** What the runner is to check: check.json in the state directory (images/runner/wsgi_dev_runner/check/order.py). */
export interface CheckOrder {
  readonly app: AppTarget;
  readonly root: string;
  /** Without a slash at its end. */
  readonly mount: string;
  /** Paths of the application, with their queries. */
  readonly paths: readonly string[];
  /** Seconds for the import, and for each request. */
  readonly limit: number;
}

/** The order for `config`. */
export function checkOrder(config: Config, app: AppTarget, paths: readonly string[], limit: number): CheckOrder {
  return { app, root: ROOT, mount: config.server.mount.replace(/\/$/, ''), paths, limit };
}

/** The container of one check: that of a single command, with a terminal that nobody looks at. */
export function checkContainerPlan(
  config: Config,
  inputs: Omit<OnceInputs, 'command' | 'workingDir' | 'binds' | 'env'>,
): ContainerPlan {
  const command = ['/opt/venv/bin/python3', '-I', '-S', '/usr/lib/wsgi-dev', 'check'];
  const plan = oncePlan(config, { ...inputs, command, workingDir: undefined, binds: [], env: {} });
  return { ...plan, name: `${config.name}-check-${inputs.id}` };
}
