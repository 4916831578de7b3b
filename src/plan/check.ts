import type { AppTarget, Config } from '../config/config.ts';
import { type ContainerInputs, containerPlan, ROOT } from './container.ts';
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

/** The container of one check: the project's, but for its command and for ports, of which nothing is published. */
export function checkContainerPlan(
  config: Config,
  inputs: Omit<ContainerInputs, 'hostPort' | 'editorPort'>,
): ContainerPlan {
  const plan = containerPlan(config, { ...inputs, hostPort: 0, editorPort: undefined });
  const command = ['/opt/venv/bin/python3', '-I', '-S', '/usr/lib/wsgi-dev', 'check'];
  return { ...plan, command, publish: [] };
}
