import type { JoinedService } from '../../config/joined.ts';
import type { Engine } from '../../engine/engine.ts';
import { ExitCode, Fault } from '../../errors.ts';
import type { ComposeCli } from './cli.ts';
import { composeLabel } from './labels.ts';
import type { ComposeModel, ComposeResource } from './model.ts';

export interface ResourceRequest {
  readonly engine: Engine;
  readonly cli: ComposeCli;
  readonly model: ComposeModel;
  readonly joined: JoinedService;
  /** Aborted: it ends where it is, with a Fault (code 130). */
  readonly signal: AbortSignal;
}

/** Has compose make the service's networks and volumes that are missing: with its own options, labels and hashes. */
export async function ensureResources({ engine, cli, model, joined, signal }: ResourceRequest): Promise<void> {
  const label = { [composeLabel.project]: joined.project };
  const service = model.services[joined.service];
  const wantedNetworks = own(Object.keys(service?.networks ?? {}), model.networks);
  const named = (service?.volumes ?? []).flatMap(({ type, source }) =>
    type === 'volume' && source !== undefined && source !== '' ? [source] : [],
  );
  const wantedVolumes = own(named, model.volumes);
  const there: readonly (readonly string[])[] = await Promise.all([
    wantedNetworks.length === 0 ? [] : engine.networks(label).then((all) => all.map(({ name }) => name)),
    wantedVolumes.length === 0 ? [] : engine.volumes(label),
  ]);
  if ([wantedNetworks, wantedVolumes].every((all, at) => all.every(([, { name }]) => there[at]?.includes(name))))
    return;
  const { code, stderr } = await cli.run(['up', '--no-start'], {
    input: JSON.stringify(bare(model, wantedNetworks, wantedVolumes)).replaceAll('$', '$$$$'),
    ofInput: true,
    signal,
  });
  if (signal.aborted) throw new Fault(`Interrupted: ${joined.service} is not started`, { code: ExitCode.interrupted });
  if (code === 0) return;
  throw new Fault(`docker compose could not make the networks and volumes of ${joined.service}: ${stderr.trim()}`, {
    code: ExitCode.engine,
  });
}

type Resources = readonly (readonly [key: string, resource: ComposeResource])[];

/** Those that are compose's to make. */
function own(keys: readonly string[], resources: Readonly<Record<string, ComposeResource>> | undefined): Resources {
  return keys.flatMap((key) => {
    const resource = resources?.[key];
    return resource === undefined || resource.external === true ? [] : [[key, resource] as const];
  });
}

/** A model that has them and no container. */
function bare(model: ComposeModel, networks: Resources, volumes: Resources): unknown {
  return {
    name: model.name,
    services: {
      'wsgi-dev': {
        image: 'scratch',
        pull_policy: 'never',
        scale: 0,
        // Without a word of networks there would be a default one.
        ...(networks.length === 0 ? { network_mode: 'none' } : { networks: networks.map(([key]) => key) }),
        volumes: volumes.map(([key]) => `${key}:/volumes/${key}`),
      },
    },
    networks: Object.fromEntries(networks),
    volumes: Object.fromEntries(volumes),
  };
}
