/** What a scenario's directory is named after. */
interface Named {
  readonly name: string;
  readonly python?: string | undefined;
}

/** Names the directories of the scenarios of one run: beside them may lie those of an earlier one. */
export const RUN_FILE = 'scenarios.json';

const LONGEST = 80;

/**
 * A directory name for each, fit for every file system and for CI's artifacts: ASCII letters, digits and dashes, all
 * different. It follows from the list's order alone, not from which ended first.
 */
export function slugs(scenarios: readonly Named[]): readonly string[] {
  const taken = new Set<string>();
  return scenarios.map((scenario) => {
    const base = slug(scenario);
    let unique = base;
    for (let count = 2; taken.has(unique); count += 1) unique = `${base}-${count}`;
    taken.add(unique);
    return unique;
  });
}

function slug({ name, python }: Named): string {
  const words = (text: string): string =>
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, LONGEST)
      .replace(/^-|-$/g, '');
  return [words(name) || 'scenario', ...(python === undefined ? [] : [words(`py${python}`)])].join('-');
}
