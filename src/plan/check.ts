import type { AppTarget, Config } from '../config/config.ts';
import type { WrittenRequest } from '../config/requests.ts';
import { type OnceInputs, oncePlan, ROOT } from './container.ts';
import type { ContainerPlan } from './plan.ts';

/** What the runner is to check: check.json in the state directory (images/runner/wsgi_dev_runner/check/order.py). */
export interface CheckOrder {
  readonly app: AppTarget;
  readonly root: string;
  /** Without a slash at its end. */
  readonly mount: string;
  readonly requests: readonly CheckRequest[];
  /** Seconds for the import, and for each request. */
  readonly limit: number;
}

/** One of them, under a name that no other has. */
export interface CheckRequest extends Sent {
  readonly name: string;
}

/** A request as it is sent. */
export interface Sent {
  readonly method: string;
  /** Of the application, with its query. */
  readonly path: string;
  /** The type of the body among them, its length not. */
  readonly headers: Readonly<Record<string, string>>;
  /** In base64; "": none. */
  readonly body: string;
}

/** A request as it is sent: a body that is JSON goes as that, any other as a form. */
export function sentOf({ method, path, body }: WrittenRequest): Sent {
  if (body === undefined) return { method, path, headers: {}, body: '' };
  const type = isJson(body) ? 'application/json' : 'application/x-www-form-urlencoded';
  return { method, path, headers: { 'Content-Type': type }, body: Buffer.from(body).toString('base64') };
}

/** Each once, with its name: the method and the path, and a number where others have the same. */
export function namedRequests(sent: readonly Sent[]): readonly CheckRequest[] {
  const unique = [...new Map(sent.map((one) => [JSON.stringify(one), one])).values()];
  const seen = new Map<string, number>();
  return unique.map((one) => {
    const name = `${one.method} ${one.path}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { name: count === 1 ? name : `${name} (${count})`, ...one };
  });
}

/** The order for `config`. */
export function checkOrder(
  config: Config,
  app: AppTarget,
  requests: readonly CheckRequest[],
  limit: number,
): CheckOrder {
  return { app, root: ROOT, mount: config.server.mount.replace(/\/$/, ''), requests, limit };
}

function isJson(body: string): boolean {
  if (!/^[[{]/.test(body)) return false;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
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
