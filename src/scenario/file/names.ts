import { nearest } from '../../config/problems.ts';
import type { KeyPath } from '../../config/yaml.ts';
import { usesIn } from '../fill.ts';
import { type Finding, listIn, mapIn, type Text, textsIn } from './raw.ts';

/** Finds variables that nothing defines, or that only a later step saves. `raw` may be faulty anywhere. */
export function nameFindings(raw: unknown, lineOf: (path: KeyPath) => number): readonly Finding[] {
  const file = mapIn(raw);
  const rows = listIn(file.each);
  const given = [file.vars, ...rows].flatMap((row) => Object.keys(mapIn(row)));
  const units = unitsOf(file);
  const saved = new Map(units.toReversed().flatMap(({ path, saves }) => saves.map((name) => [name, path] as const)));
  const known = new Set(given);
  const inSteps = units.flatMap(({ path, value, saves }) => {
    const found = textsIn(value, path).flatMap((one) => unknownIn(one, known, saved, lineOf));
    for (const name of saves) known.add(name);
    return found;
  });
  const title = textsIn(file.name, ['name']).flatMap((one) => unknownIn(one, new Set(given), new Map(), lineOf));
  const literal = [...textsIn(file.vars, ['vars']), ...textsIn(file.each, ['each'])].flatMap((one) =>
    unfilled(one, given),
  );
  return [...title, ...literal, ...inSteps];
}

/** What is filled in at one time, and the names that it saves afterwards. */
interface Unit {
  readonly path: KeyPath;
  readonly value: unknown;
  readonly saves: readonly string[];
}

function unitsOf(file: Readonly<Record<string, unknown>>): readonly Unit[] {
  const hooks = (key: 'before' | 'after') => listIn(file[key]).map((value, index) => unit([key, index], value));
  const steps = listIn(file.steps).flatMap((step, index) =>
    Object.entries(mapIn(step)).flatMap(([kind, body]) => unitsOfStep(['steps', index, kind], body)),
  );
  return [...hooks('before'), ...steps, ...hooks('after')];
}

function unitsOfStep(path: KeyPath, body: unknown): readonly Unit[] {
  if (Array.isArray(body)) return body.map((value, index) => unit([...path, index], value));
  const { commands, ...rest } = mapIn(body);
  if (path.at(-1) !== 'stop' || commands === undefined) return [unit(path, body)];
  return [unit(path, rest), ...listIn(commands).map((value, index) => unit([...path, 'commands', index], value))];
}

function unit(path: KeyPath, value: unknown): Unit {
  const { save } = mapIn(value);
  return { path, value, saves: typeof save === 'string' ? [save] : Object.keys(mapIn(save)) };
}

function unknownIn(
  { text, path, of }: Text,
  known: ReadonlySet<string>,
  saved: ReadonlyMap<string, KeyPath>,
  lineOf: (path: KeyPath) => number,
): readonly Finding[] {
  return usesIn(text).flatMap(({ written, name }) => {
    if (name !== undefined && known.has(name)) return [];
    return [{ path, of, message: complaint(written, name, known, saved, lineOf), text: written }];
  });
}

function complaint(
  written: string,
  name: string | undefined,
  known: ReadonlySet<string>,
  saved: ReadonlyMap<string, KeyPath>,
  lineOf: (path: KeyPath) => number,
): string {
  const dollar = `$${written}`;
  if (name === undefined)
    return `\`${written}\` is no variable: write \${name}, or ${dollar} where the dollar itself is meant`;
  const later = saved.get(name);
  if (later !== undefined) return `\`${written}\` has no value yet: it is saved on line ${lineOf(later)}`;
  const near = nearest(name, [...known, ...saved.keys()]);
  if (near !== undefined) return `unknown variable \`${written}\`; did you mean \`\${${near}}\`?`;
  return `unknown variable \`${written}\`: neither vars, each nor save defines it; for the text itself write ${dollar}`;
}

/** Values are taken as they are, so the name of a variable in one is most likely a misunderstanding. */
function unfilled({ text, path, of }: Text, given: readonly string[]): readonly Finding[] {
  const use = usesIn(text).find(({ name }) => name !== undefined && given.includes(name));
  if (use === undefined) return [];
  const message = `\`${use.written}\` is not filled in here: values of ${path[0]} are taken as they are`;
  return [{ path, of, message, text: use.written }];
}
