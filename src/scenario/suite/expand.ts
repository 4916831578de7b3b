import type { Parsed } from '../../config/parsers.ts';
import { asText, fillText, usesIn } from '../fill.ts';
import type { Run, Scenario, Variables } from '../scenario.ts';
import { parseRegex } from '../texts.ts';

/** The runs of a scenario: one for each row of `each`, with names that differ. */
export function expand(scenario: Scenario): readonly Run[] {
  const { each, ...rest } = scenario;
  if (each === undefined) return [{ ...rest, each, name: fillText(rest.name, rest.vars) }];
  const names = each.map((row) => nameOf(scenario, row));
  return each.map((row, index) => {
    const name = names[index] ?? rest.name;
    const twins = names.slice(0, index).filter((other) => other === name).length;
    return { ...rest, each: row, vars: { ...rest.vars, ...row }, name: twins === 0 ? name : `${name} #${twins + 1}` };
  });
}

/** A name that mentions a value of the row is its own; else the row stands behind it. */
function nameOf({ name, vars }: Scenario, row: Variables): string {
  const filled = fillText(name, { ...vars, ...row });
  if (usesIn(name).some((use) => use.name !== undefined && Object.hasOwn(row, use.name))) return filled;
  const values = Object.entries(row).map(([key, value]) => `${key}=${short(asText(value))}`);
  return `${filled} [${values.join(', ')}]`;
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}

/** Whether a run is wanted. */
export type Filter = (run: Run) => boolean;

/** --filter: "tag:WORD", "/REGEX/" of the name (with "i" behind where case doesn't matter), or a part of the name. */
export function parseFilter(text: string): Parsed<Filter> {
  if (text.trim() === '') return { fault: 'expected a part of a name, /REGEX/ or tag:WORD' };
  const tag = /^tag:(.*)$/s.exec(text)?.[1];
  if (tag !== undefined) {
    return tag === '' ? { fault: 'expected a tag behind tag:' } : { value: (run) => run.tags.includes(tag) };
  }
  const [, pattern, flags = ''] = /^\/(.+)\/(i?)$/s.exec(text) ?? [];
  if (pattern === undefined) return { value: (run) => run.name.includes(text) };
  const regex = parseRegex(pattern, `u${flags}`);
  return 'fault' in regex ? regex : { value: ({ name }) => regex.value.test(name) };
}

/** What is to run (and to be reported as skipped), and how many are left out by the filter and by `only`. */
export interface Selection {
  readonly runs: readonly Run[];
  readonly filtered: number;
  readonly besidesOnly: number;
}

/** Picks the runs that the filter wants; where one of those has `only`, those that have it. */
export function select(runs: readonly Run[], filter: Filter = () => true): Selection {
  const wanted = runs.filter(filter);
  const only = wanted.filter((run) => run.only);
  const chosen = only.length > 0 ? only : wanted;
  return { runs: chosen, filtered: runs.length - wanted.length, besidesOnly: wanted.length - chosen.length };
}
