import type { BeforeCommand, Mount } from '../../config/config.ts';
import { isObject } from '../../jsonc.ts';
import { unsupported } from './keys.ts';
import { mountsOf } from './mounts.ts';
import { runArgsOf } from './run-args.ts';

/** What is known of the devcontainer's image. */
export interface ImageFacts {
  /** Its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** UID:GID and home of the remoteUser; undefined: the image doesn't know that user. */
  readonly user: { readonly ids: string; readonly home: string } | undefined;
}

/** What a devcontainer comes to for the application's own container. */
export interface Translated {
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly hostname: string | undefined;
  readonly network: string | undefined;
  /** The port to publish on; undefined: none is named. */
  readonly port: number | undefined;
  /** The user that must be, whoever owns the project; undefined: the project's owner. */
  readonly user: string | undefined;
  readonly before: readonly BeforeCommand[];
  /** What has no effect, a line each. */
  readonly notices: readonly string[];
}

/** Reads the merged configuration that `devcontainer read-configuration` prints; pure. */
export function translate(merged: Readonly<Record<string, unknown>>, facts: ImageFacts): Translated {
  const args = runArgsOf(merged.runArgs);
  const { mounts, notices } = mountsOf(merged.mounts);
  return {
    env: environment(merged, args.env, facts),
    mounts,
    hostname: args.hostname,
    network: args.network,
    port: portOf(merged),
    // Else its id would be changed to that of whoever works in it.
    user: merged.updateRemoteUserUID === false && !facts.user?.ids.startsWith('0:') ? facts.user?.ids : undefined,
    before: before(merged),
    notices: [...unsupported(merged), ...notices, ...args.notices],
  };
}

/** The user whose name or id the image is to be asked for. */
export function remoteUser({ remoteUser: remote, containerUser }: Readonly<Record<string, unknown>>): string {
  return [remote, containerUser].find((one): one is string => typeof one === 'string' && one !== '') ?? 'root';
}

function environment(
  { containerEnv, remoteEnv }: Readonly<Record<string, unknown>>,
  fromArgs: Readonly<Record<string, string>>,
  facts: ImageFacts,
): Readonly<Record<string, string>> {
  const inContainer = { ...strings(containerEnv), ...fromArgs };
  const known: Readonly<Record<string, string>> = { ...facts.env, ...inContainer };
  const filled = Object.entries({ ...inContainer, ...strings(remoteEnv) }).map(([key, text]) => [
    key,
    text.replace(/\$\{containerEnv:([^}:]+)(?::([^}]*))?\}/g, (_all, name: string, other = '') => known[name] ?? other),
  ]);
  const env: Record<string, string> = Object.fromEntries(filled);
  // Where the application's packages are.
  if (env.PATH !== undefined) env.PATH = `/opt/venv/bin:${env.PATH}`;
  return env;
}

function strings(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The port labelled "wsgi-dev", else 8000 where that is forwarded, else the first. */
function portOf({ forwardPorts, appPort, portsAttributes }: Readonly<Record<string, unknown>>): number | undefined {
  const numbers = [forwardPorts, appPort].flat().flatMap((one) => {
    const port =
      typeof one === 'number' ? one : Number(/^(?:localhost:|127\.0\.0\.1:)?(\d+)(?::\d+)?$/.exec(String(one))?.[1]);
    return Number.isInteger(port) && port > 0 && port < 65_536 ? [port] : [];
  });
  const attributes = isObject(portsAttributes) ? portsAttributes : {};
  const labelled = numbers.find((port) => isObject(attributes[port]) && attributes[port].label === 'wsgi-dev');
  return labelled ?? (numbers.includes(8000) ? 8000 : numbers[0]);
}

/** The lifecycle commands in their order; those of the creation run once in a container. */
function before(merged: Readonly<Record<string, unknown>>): readonly BeforeCommand[] {
  return (['onCreate', 'updateContent', 'postCreate', 'postStart'] as const).flatMap((stage) => {
    const commands = merged[`${stage}Commands`];
    return (Array.isArray(commands) ? commands : []).flatMap((command: unknown) => {
      const parts = (isObject(command) ? Object.values(command) : [command]).filter(isCommand);
      return parts.length === 0 ? [] : [{ name: `${stage}Command`, once: stage !== 'postStart', commands: parts }];
    });
  });
}

function isCommand(one: unknown): one is string | readonly string[] {
  if (typeof one === 'string') return one !== '';
  return Array.isArray(one) && one.length > 0 && one.every((word) => typeof word === 'string');
}
