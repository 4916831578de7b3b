import { dirname } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Layer } from '../config/layer.ts';
import type { Place } from '../config/paths.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Prepared } from '../scenario/suite/suite.ts';
import type { CiServices } from './ci-services.ts';
import type { Context } from './context.ts';
import { devcontained } from './devcontained.ts';

/** What of the command line decides which runs there are, and what each runs on. */
export interface Wanted {
  readonly filter?: string;
  readonly python?: readonly string[];
  readonly frozen?: boolean;
  readonly devcontainer?: boolean;
  /** --no-service: false. */
  readonly service?: string | false;
}

/** Every run that is wanted, with its configuration; a Fault (code 2) tells all that is wrong with the files. */
export async function prepare(
  context: Context,
  paths: readonly string[],
  options: Wanted,
  services: CiServices,
  say: (line: string) => void,
): Promise<readonly Prepared[]> {
  const [{ findScenarios }, { scenarioFault }, { expand, parseFilter, select }] = await Promise.all([
    import('../scenario/file/find.ts'),
    import('../scenario/file/parse.ts'),
    import('../scenario/suite/expand.ts'),
  ]);
  const { files, problems } = findScenarios(paths, context.cwd);
  const filter = options.filter === undefined ? undefined : parseFilter(options.filter);
  const wrong = filter !== undefined && 'fault' in filter ? [{ where: '--filter', message: filter.fault }] : [];
  if (problems.length + wrong.length > 0) throw scenarioFault([...problems, ...wrong]);
  const scenarios = await readAll(context, files);
  const all = scenarios.flatMap(({ scenario, from }) => expand(scenario).map((run) => ({ run, from })));
  const { runs, besidesOnly } = select(
    all.map(({ run }) => run),
    filter !== undefined && 'value' in filter ? filter.value : undefined,
  );
  if (besidesOnly > 0) context.out.info(`${besidesOnly} not run, because others say \`only: true\``);
  if (runs.length === 0) {
    throw new Fault(`No scenario fits --filter ${options.filter}`, {
      code: ExitCode.usage,
      hint: `There are: ${all.map(({ run }) => run.name).join(', ')}`,
    });
  }
  const chosen = all.filter(({ run }) => runs.includes(run));
  const configOf = await configurations(context, options, services, say);
  const prepared: Prepared[] = [];
  for (const python of options.python ?? [undefined]) {
    for (const { run, from } of chosen) {
      prepared.push({ run, config: await configOf(from, run.layer, python), python });
    }
  }
  return prepared;
}

/** Configurations of runs: one for all that say the same, however many they are. */
async function configurations(
  context: Context,
  { devcontainer, frozen, service }: Wanted,
  services: CiServices,
  say: (line: string) => void,
) {
  const { flags, env, cwd } = context;
  const { resolveConfig } = await import('../config/resolve.ts');
  const known = new Map<string, Config>();
  const alone = service === false;
  return async (from: string, layer: Layer, python: string | undefined): Promise<Config> => {
    // Each scenario says this one, by its own name; the places of the others are in messages.
    const key = JSON.stringify([from, { ...layer, postMortem: layer.postMortem?.value }, python]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const own = {
      ...flags,
      debug: true,
      debugger: 'pdb',
      ...(python !== undefined && { python }),
      ...(devcontainer !== undefined && { devcontainer }),
      ...(service && { service }),
    };
    const { config, notices } = await resolveConfig(own, env, from, { over: layer, person: cwd });
    notices.forEach(say);
    const taking = { anew: 'missing', alone: true, frozen: frozen === true, say } as const;
    const taken = config.compose === undefined || alone ? await devcontained(context, config, taking) : config;
    const whole = alone ? taken : await services.join(taken);
    known.set(key, whole);
    return whole;
  };
}

interface ReadScenario {
  readonly scenario: Scenario;
  /** Where its project is looked for. */
  readonly from: string;
}

async function readAll(context: Context, files: readonly string[]): Promise<readonly ReadScenario[]> {
  const [{ readScenario, scenarioFault }, { locateProject }] = await Promise.all([
    import('../scenario/file/parse.ts'),
    import('../config/project.ts'),
  ]);
  const { flags, env, cwd } = context;
  const places = new Map<string, Place>();
  const read = files.map((file) => {
    // The project with a wsgi-dev.yaml that the scenario lies in; else the one that the person stands in.
    const from = locateProject(flags, env, dirname(file)).files.length > 0 ? dirname(file) : cwd;
    const { directory } = locateProject(flags, env, from);
    const place = places.get(directory) ?? { directory, cwd, env };
    places.set(directory, place);
    return { from, parsed: readScenario(file, place) };
  });
  const problems = read.flatMap(({ parsed }) => ('problems' in parsed ? parsed.problems : []));
  if (problems.length > 0) throw scenarioFault(problems);
  return read.flatMap(({ from, parsed }) => {
    if (!('scenario' in parsed)) return [];
    parsed.notices.forEach(context.out.info);
    return [{ scenario: parsed.scenario, from }];
  });
}
