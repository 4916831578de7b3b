import type { Place } from '../../../src/config/paths.ts';
import type { Problem } from '../../../src/config/problems.ts';
import { parseScenario } from '../../../src/scenario/file/parse.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';

const nowhere = '/nowhere/shop';

/** A project at `directory`, and a person there. */
export function placeOf(directory: string): Place {
  return { directory, cwd: directory, env: {} };
}

/** The faults of a text; none where it is sound. */
export function problemsOf(text: string): readonly Problem[] {
  const parsed = parseScenario(`${nowhere}/cart.scenario.yaml`, text, placeOf(nowhere));
  return 'problems' in parsed ? parsed.problems : [];
}

/** The scenario of a sound text. */
export function scenarioOf(text: string, env: Place['env'] = {}): Scenario {
  const parsed = parseScenario(`${nowhere}/tests/cart.scenario.yaml`, text, { ...placeOf(nowhere), env });
  if ('scenario' in parsed) return parsed.scenario;
  throw new Error(parsed.problems.map(({ where, message }) => `${where}: ${message}`).join('\n'));
}
