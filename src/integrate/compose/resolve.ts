import type { ComposeConfig } from '../../config/config.ts';
import { listed } from '../../config/parsers.ts';
import { didYouMean } from '../../config/problems.ts';
import { ExitCode, Fault } from '../../errors.ts';
import type { ComposeCli, ComposeResult } from './cli.ts';
import { type ComposeModel, readModel } from './model.ts';
import { checkVersion } from './version.ts';

export interface Resolved {
  /** The service and all that it depends on. */
  readonly model: ComposeModel;
  /** As compose printed it. */
  readonly text: string;
  /** What compose warns of: variables that are not set and the like. */
  readonly warnings: readonly string[];
}

/** The compose project as `docker compose config` resolves it, for one service. Faults with code 2 and 3. */
export async function resolveModel(cli: ComposeCli, compose: ComposeConfig): Promise<Resolved> {
  const { service, files, devcontainer } = compose;
  const wanted = devcontainer === undefined ? [service.value] : devcontainer.services;
  const config = await cli.run(['config', '--format', 'json', ...wanted]);
  if (config.code !== 0) {
    // An old one doesn't know every word of a file that is right.
    await refuseOld(cli);
    throw await faultOf(cli, service, files, config);
  }
  const warnings = config.stderr.split('\n').flatMap(warningIn);
  const model = readModel(config.stdout);
  if (devcontainer === undefined) return { model, text: config.stdout, warnings };
  if (!(service.value in model.services)) throw await faultOf(cli, service, files, config);
  return { model: withAll(model, service.value), text: config.stdout, warnings };
}

/** A devcontainer has every service beside it; of one that can't be told to be healthy it isn't known whether it runs on. */
function withAll(model: ComposeModel, name: string): ComposeModel {
  const service = model.services[name] ?? {};
  const others = Object.entries(model.services).filter(([other]) => other !== name);
  const besides = others.map(([other, { healthcheck }]) => {
    const required = healthcheck !== undefined;
    return [other, { condition: required ? 'service_healthy' : 'service_started', required }] as const;
  });
  const wanted = { ...Object.fromEntries(besides), ...service.depends_on };
  return { ...model, services: { ...model.services, [name]: { ...service, depends_on: wanted } } };
}

/** A Fault (code 3) where docker compose is too old. */
export async function refuseOld(cli: ComposeCli): Promise<void> {
  const version = await cli.once(['version', '--short']);
  if (version !== undefined) checkVersion(version);
}

/** A Fault (code 2) where the compose file has no such service, which says what it has; undefined: it has, or has a fault. */
export async function unknownService(
  cli: ComposeCli,
  { value, where }: ComposeConfig['service'],
  files: readonly string[],
): Promise<Fault | undefined> {
  const { code, stdout } = await cli.run(['--profile', '*', 'config', '--services']);
  const services = stdout.split('\n').filter(Boolean).toSorted();
  if (code !== 0 || services.includes(value)) return undefined;
  const there = services.length === 0 ? 'no service' : listed(services, 'and');
  return new Fault(`${where}: there is no service ${value} in ${fileOf(files)}${didYouMean(value, services)}`, {
    code: ExitCode.usage,
    hint: `It has ${there}.`,
  });
}

function fileOf(files: readonly string[]): string {
  return files.length === 0 ? 'the compose file' : files.join(', ');
}

/** An unknown service, or what compose itself has to say of its file. */
async function faultOf(
  cli: ComposeCli,
  service: ComposeConfig['service'],
  files: readonly string[],
  { stderr }: ComposeResult,
): Promise<Fault> {
  const unknown = await unknownService(cli, service, files);
  if (unknown !== undefined) return unknown;
  const said = stderr.split('\n').filter((line) => line.trim() !== '' && warningIn(line).length === 0);
  return new Fault(`docker compose refuses ${fileOf(files)}:\n${said.join('\n')}`, {
    code: ExitCode.usage,
    ...(files.length === 0 && {
      hint: 'It is looked for in the project directory and above; `compose: {file: …}` names another.',
    }),
  });
}

/** The text of a line that compose logs: `time="…" level=warning msg="…"`. */
function warningIn(line: string): readonly string[] {
  const text = /^time="[^"]*" level=warning msg=("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  return text === undefined ? [] : [`docker compose: ${String(JSON.parse(text))}`];
}
