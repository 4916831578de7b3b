import type { JSONPath } from 'jsonc-parser';
import { Fault } from '../errors.ts';
import { isObject, pushJsonc, readJsonc, setJsonc } from '../jsonc.ts';

/** A configuration of a launch.json that attaches an editor; the one of this `name` is wsgi-dev's own. */
export type Attach = {
  readonly name: string;
  readonly type: string;
  readonly request: string;
  readonly connect: { readonly host: string; readonly port: number };
  readonly pathMappings: readonly [{ readonly localRoot: string; readonly remoteRoot: string }];
  readonly justMyCode: boolean;
};

/** A launch.json in which the configuration `name` attaches, and what was done for that. */
export type Merged = { readonly change: 'none' | 'added' | 'updated'; readonly name: string; readonly text: string };

type Change = { readonly path: JSONPath; readonly value: unknown };
type Entry = Readonly<Record<string, unknown>>;

/**
 * The launch.json `text` with `attach` in it: the configuration of that name gets what differs; where there is none,
 * another one that goes to the same port is enough, or it is added. Whatever else is there stays as it is, comments too.
 * undefined where the text is no launch.json.
 */
export function merge(text: string, attach: Attach): Merged | undefined {
  const configurations = configurationsIn(text);
  if (configurations === undefined) return undefined;
  const index = configurations.findIndex(({ name }) => name === attach.name);
  const own = configurations[index];
  if (own !== undefined) {
    const changes = differences(own, attach).map(({ path, value }) => ({
      path: ['configurations', index, ...path],
      value,
    }));
    return { change: changes.length > 0 ? 'updated' : 'none', name: attach.name, text: changes.reduce(changed, text) };
  }
  const other = configurations.find((one) => attaches(one, attach));
  if (other !== undefined) return { change: 'none', name: String(other.name), text };
  return { change: 'added', name: attach.name, text: pushJsonc(text, ['configurations'], attach) };
}

function configurationsIn(text: string): readonly Entry[] | undefined {
  try {
    const { configurations = [] } = readJsonc(text, 'launch.json');
    return Array.isArray(configurations) && configurations.every(isObject) ? configurations : undefined;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** An index of -1 stands for another entry. */
function changed(text: string, { path, value }: Change): string {
  return path.at(-1) === -1 ? pushJsonc(text, path.slice(0, -1), value) : setJsonc(text, path, value);
}

/** What `own` has otherwise, of what it needs to attach. */
function differences(own: Entry, { type, request, connect, pathMappings }: Attach): readonly Change[] {
  const needed: Change[] = [
    { path: ['type'], value: type },
    { path: ['request'], value: request },
    ...(isObject(own.connect)
      ? Object.entries(connect).map(([key, value]) => ({ path: ['connect', key], value }))
      : [{ path: ['connect'], value: connect }]),
    ...neededMapping(own, pathMappings[0]),
  ];
  return needed.filter(({ path, value }) => at(own, path) !== value);
}

function neededMapping(own: Entry, mapping: Attach['pathMappings'][0]): readonly Change[] {
  const found = mappings(own);
  if (found === undefined) return [{ path: ['pathMappings'], value: [mapping] }];
  const index = found.findIndex(({ remoteRoot }) => remoteRoot === mapping.remoteRoot);
  return index < 0
    ? [{ path: ['pathMappings', -1], value: mapping }]
    : [{ path: ['pathMappings', index, 'localRoot'], value: mapping.localRoot }];
}

/** Whether a person's own configuration goes to that port and knows where the source is. */
function attaches({ connect, ...one }: Entry, wanted: Attach): boolean {
  const [{ remoteRoot }] = wanted.pathMappings;
  return (
    isObject(connect) &&
    connect.port === wanted.connect.port &&
    (mappings(one) ?? []).some((mapping) => String(mapping.remoteRoot).replace(/\/$/, '') === remoteRoot)
  );
}

function mappings({ pathMappings }: Entry): readonly Entry[] | undefined {
  return Array.isArray(pathMappings) && pathMappings.every(isObject) ? pathMappings : undefined;
}

function at(value: unknown, path: JSONPath): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Entry | undefined)?.[key], value);
}
