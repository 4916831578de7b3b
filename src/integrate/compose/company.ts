import type { JoinedService } from '../../config/joined.ts';
import type { ContainerInfo, Engine } from '../../engine/engine.ts';
import { ExitCode, Fault } from '../../errors.ts';
import type { Output } from '../../log.ts';
import { hash } from '../../plan/image.ts';
import { isOthers } from '../../project/container.ts';
import type { Neighbours } from '../../project/neighbours.ts';
import type { ComposeCli } from './cli.ts';
import { allThere, startDependencies } from './dependencies.ts';
import { interruptible } from './interruptible.ts';
import { composeLabel, inPlaceOf } from './labels.ts';
import type { ComposeModel } from './model.ts';
import { refuseOld } from './resolve.ts';
import { ensureResources } from './resources.ts';
import { dependenciesOf } from './service.ts';
import { type Doings, doingsLabels, readDoings, undoDoings } from './undoing.ts';

/** Of the whole model: the same as when the container was made. */
const MODEL = 'dev.wsgi-dev.compose.model';
/** Seconds that a service's own container is given to end; compose's own. */
const STOP_SECONDS = 10;

export interface CompanyRequest {
  readonly engine: Engine;
  readonly cli: ComposeCli;
  readonly model: ComposeModel;
  /** As compose printed it. */
  readonly text: string;
  readonly joined: JoinedService;
  /** The service's image, if the engine has it. */
  readonly imageId: string | undefined;
  readonly files: readonly string[];
  readonly directory: string;
  /** Seconds that dependencies have to get healthy. */
  readonly limit: number;
  readonly out: Output;
}

/** The containers of a compose project, seen from the place of one service. */
export function company(request: CompanyRequest): Neighbours {
  const { engine, cli, model, text, joined, limit, out } = request;
  const { project, service } = joined;
  const dependencies = dependenciesOf(model, service);
  const modelHash = hash(text);
  let doings: Doings = { displaced: [], started: [], created: [] };
  let hashes: Promise<Readonly<Record<string, string>>> | undefined;
  const serviceHashes = (): Promise<Readonly<Record<string, string>>> => {
    hashes ??= readHashes(cli, text);
    return hashes;
  };
  // A container in another place is none of this one's.
  const earlier = (existing: ContainerInfo | undefined): Partial<Doings> =>
    existing !== undefined && inPlaceOf(existing.labels, joined) ? readDoings(existing.labels) : {};
  const add = (more: Partial<Doings>): void => {
    const both = (key: keyof Doings): readonly string[] => [...new Set([...doings[key], ...(more[key] ?? [])])];
    doings = { displaced: both('displaced'), started: both('started'), created: both('created') };
  };

  return {
    async ready(existing) {
      add(earlier(existing));
      const known = existing?.state === 'running' && existing.labels[MODEL] === modelHash;
      const [containers, current] = await Promise.all([
        engine.list({ [composeLabel.project]: project, [composeLabel.oneOff]: 'False' }),
        known ? undefined : serviceHashes(),
        // Where it is known, that was looked at when the container was made.
        known ? undefined : refuseOld(cli),
      ]);
      const again = existing?.state !== 'running' && dependencies.ending.length > 0;
      await interruptible(async (signal) => {
        if (again || !allThere(containers, dependencies, current)) {
          add(await startDependencies({ engine, cli, project, dependencies, limit, signal, out }));
        }
        // With the dependencies most of them have come.
        if (!known) await ensureResources({ ...request, signal });
      });
    },

    async makeRoom(existing) {
      add(earlier(existing));
      const [own, current] = await Promise.all([
        engine.list({
          [composeLabel.project]: project,
          [composeLabel.service]: service,
          [composeLabel.oneOff]: 'False',
        }),
        serviceHashes(),
      ]);
      // One that compose runs from the file of `wsgi-dev compose init` has a label of ours, and is compose's.
      const running = own.filter((one) => one.state === 'running' && isOthers(one));
      if (running.length > 0) out.info(`Stopping ${service} of compose: this takes its place until \`wsgi-dev down\``);
      add({ displaced: running.map(({ id }) => id) });
      await Promise.all(running.map(({ id }) => engine.stop(id, STOP_SECONDS)));
      return { ...composeLabels(request, current[service] ?? ''), ...doingsLabels(doings), [MODEL]: modelHash };
    },

    undo: () => undoDoings(engine, project, doings, out),
  };
}

/** By these compose takes the container for the service's own: `ps` lists it, `down` removes it, `up` leaves it alone. */
function composeLabels(
  { model, joined, imageId, files, directory }: CompanyRequest,
  configHash: string,
): Readonly<Record<string, string>> {
  const { project, service } = joined;
  const wanted = Object.entries(model.services[service]?.depends_on ?? {});
  return {
    [composeLabel.project]: project,
    [composeLabel.service]: service,
    [composeLabel.oneOff]: 'False',
    // Of several compose keeps the one with the lowest number: those it makes itself begin at 1.
    [composeLabel.number]: '0',
    [composeLabel.configHash]: configHash,
    [composeLabel.image]: imageId ?? '',
    [composeLabel.dependsOn]: wanted.map(([name, { condition }]) => `${name}:${condition}:false`).join(','),
    [composeLabel.workingDir]: directory,
    ...(files.length > 0 && { [composeLabel.configFiles]: files.join(',') }),
  };
}

/** Compose's hash of each service. Of the files it would leave out what env files say, which counts when it runs them. */
async function readHashes(cli: ComposeCli, text: string): Promise<Readonly<Record<string, string>>> {
  const args = ['--profile', '*', 'config', '--hash', '*'];
  const hashes = await cli.once(args, text);
  if (hashes === undefined) {
    const { stderr } = await cli.run(args, { input: text, ofInput: true });
    throw new Fault(`docker compose can't read again what it printed itself: ${stderr.trim()}`, {
      code: ExitCode.engine,
    });
  }
  const lines = hashes.trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(' ') as [string, string]));
}
