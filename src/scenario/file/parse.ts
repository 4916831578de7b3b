import { dirname } from 'node:path';
import { problemsAt } from '../../config/excerpt.ts';
import { spotsOf } from '../../config/issues.ts';
import { layerOf, placesIn } from '../../config/load.ts';
import { type Place, pathChecks } from '../../config/paths.ts';
import { faultOf, type Problem } from '../../config/problems.ts';
import { readText, shown } from '../../config/text.ts';
import { type KeyPath, parseSource, type Source, type Spot } from '../../config/yaml.ts';
import type { Fault } from '../../errors.ts';
import type { Scenario } from '../scenario.ts';
import { completed } from './complete.ts';
import { nameFindings } from './names.ts';
import { orderFindings } from './order.ts';
import { type Finding, mapIn } from './raw.ts';
import { fillsEnvironment, isScenarioText, keepsScenarioNull } from './reading.ts';
import { type ScenarioSchema, scenarioSchema } from './schema.ts';
import { fileFindings } from './uploads.ts';

/** A scenario, or everything that is wrong with its file. */
export type ParsedScenario =
  | { readonly scenario: Scenario; readonly notices: readonly string[] }
  | { readonly problems: readonly Problem[] };

/** Making one takes longer than using it: one for each project. */
const schemas = new WeakMap<Place, ScenarioSchema>();

function schemaOf(place: Place): ScenarioSchema {
  const schema = schemas.get(place) ?? scenarioSchema(pathChecks(place));
  schemas.set(place, schema);
  return schema;
}

/** Reads one scenario file. Imports yaml and zod: reach this module by `import()` only. */
export function readScenario(path: string, place: Place): ParsedScenario {
  const read = readText(path);
  if ('text' in read) return parseScenario(path, read.text, place);
  return { problems: [{ where: `${shown(path, place.cwd)}:${read.line}:${read.column}`, message: read.fault }] };
}

/** The text of the scenario file at `path`, absolute, of the project at `place`. Looks whether named files exist. */
export function parseScenario(path: string, text: string, place: Place): ParsedScenario {
  const name = shown(path, place.cwd);
  const problemsOf = problemsAt(name, text);
  const source = parseSource(text, {
    env: place.env,
    fills: fillsEnvironment,
    textual: isScenarioText,
    keepsNull: keepsScenarioNull,
  });
  // After a syntax fault the rest of the file may have been misread: saying more would mislead.
  if (source.broken) return { problems: problemsOf(source.spots) };
  const schema = schemaOf(place);
  const { data, error } = schema.safeParse(source.value);
  const lineOf = (at: KeyPath) => source.place(at, 'key').line;
  const findings: readonly Finding[] = [
    ...orderFindings(source.value, lineOf),
    ...nameFindings(source.value, lineOf),
    ...fileFindings(source.value, dirname(path)),
  ];
  const lines = text.split('\n');
  const spots = [
    ...source.spots,
    ...spotsOf(error?.issues ?? [], source, schema),
    ...findings.map((finding) => toSpot(finding, source, lines)),
  ];
  // Of a faulty file too: its env files may have faults of their own.
  const settings = schema.shape.config.safeParse(mapIn(source.value).config).data ?? {};
  const where = placesIn(name, source);
  const config = layerOf(settings, (at) => where(['config', ...at]), place);
  const problems = [...problemsOf(spots), ...config.problems];
  if (data === undefined || problems.length > 0) return { problems };
  const notices = source.unset.map((unset) => `${name}: the variable ${unset} is not set; it is taken as blank`);
  return { scenario: completed(path, data, config.layer, source, place), notices };
}

function toSpot({ path, of, message, text }: Finding, source: Source, lines: readonly string[]): Spot {
  const { line, column } = source.place(path, of);
  // Where a text is quoted or begins on the next line, it may not stand as it reads.
  const at = text === undefined ? -1 : (lines[line - 1] ?? '').indexOf(text, column - 1);
  return { line, column: at === -1 ? column : at + 1, message };
}

/** The faults of scenario files as one error. */
export function scenarioFault(problems: readonly Problem[]): Fault {
  return faultOf(problems, 'the scenarios', 'docs/scenarios.md describes every key, with an example.');
}
