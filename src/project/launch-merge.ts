import {
  applyEdits,
  type FormattingOptions,
  format,
  type JSONPath,
  modify,
  type ParseError,
  parse,
} from 'jsonc-parser';

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
  const faults: ParseError[] = [];
  const file: unknown = parse(text, faults, { allowTrailingComma: true });
  if (faults.length > 0 || !isEntry(file)) return undefined;
  const { configurations = [] } = file;
  if (!Array.isArray(configurations) || !configurations.every(isEntry)) return undefined;
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
  return { change: 'added', name: attach.name, text: changed(text, { path: ['configurations', -1], value: attach }) };
}

/** What `own` has otherwise, of what it needs to attach. */
function differences(own: Entry, { type, request, connect, pathMappings }: Attach): readonly Change[] {
  const needed: Change[] = [
    { path: ['type'], value: type },
    { path: ['request'], value: request },
    ...(isEntry(own.connect)
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
    isEntry(connect) &&
    connect.port === wanted.connect.port &&
    (mappings(one) ?? []).some((mapping) => String(mapping.remoteRoot).replace(/\/$/, '') === remoteRoot)
  );
}

function mappings({ pathMappings }: Entry): readonly Entry[] | undefined {
  return Array.isArray(pathMappings) && pathMappings.every(isEntry) ? pathMappings : undefined;
}

function at(value: unknown, path: JSONPath): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Entry | undefined)?.[key], value);
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text with one change, laid out by itself: modify() would lay out its neighbours too. */
function changed(text: string, { path, value }: Change): string {
  const options = formatting(text);
  const [{ offset, length, content } = { offset: 0, length: 0, content: '' }] = modify(text, path, value, {});
  const line = options.eol + (options.insertSpaces ? ' ' : '\t').repeat(options.tabSize * path.length);
  const put = content.replace(/^,/, '');
  const gap = put !== content ? `,${line}` : text[offset - 1] === '[' ? line : '';
  const whole = text.slice(0, offset) + gap + put + text.slice(offset + length);
  if (!isEntry(value) && !Array.isArray(value)) return whole;
  return applyEdits(whole, format(whole, { offset: offset + gap.length, length: put.length }, options));
}

/** As the file is indented already; else as VS Code does it. */
function formatting(text: string): Required<Pick<FormattingOptions, 'insertSpaces' | 'tabSize' | 'eol'>> {
  const [, indent = '    '] = /^([ \t]+)\S/m.exec(text) ?? [];
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
