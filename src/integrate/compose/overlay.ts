import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { ExitCode, Fault } from '../../errors.ts';
import { portOf, renewPort, renewVolumes, settingsOf } from './overlay-places.ts';

/** What the template's placeholders stand for. */
export interface OverlayValues {
  readonly service: string;
  /** "-f compose.yaml -f compose.wsgi-dev.yaml" */
  readonly files: string;
  readonly image: string;
  /** The runner's settings as JSON. */
  readonly settings: string;
  /** "127.0.0.1:8000:8765" */
  readonly port: string;
  /** "UID:GID" */
  readonly user: string;
  /** ".:/app" */
  readonly root: string;
  readonly state: string;
  readonly project: string;
}

/** Of the service these are wsgi-dev's own, as its volumes are: written anew each time. All else that is there stays. */
const OWN = ['image', 'environment.WSGI_DEV_SETTINGS', 'labels.dev.wsgi-dev.project'];

/** The template with its values, or, over a file that is there, that with what it lacks; its comments stay. */
export function overlay(template: string, before: string | undefined, values: OverlayValues, path: string): string {
  const made = filledIn(template, values);
  if (before === undefined || before.trim() === '') return shown(made);
  const there = parseDocument(before, { keepSourceTokens: true });
  const [error] = there.errors;
  if (error !== undefined) {
    throw new Fault(`${path} is no valid YAML: ${error.message}`, { code: ExitCode.usage, hint: 'Mend it first.' });
  }
  const unchanged = JSON.stringify(there.toJSON());
  if (there.contents === null || !isMap(there.contents)) there.contents = there.createNode({}) as never;
  const old = serviceOf(there, values.service);
  const oldPort = old && portOf(settingsOf(old));
  merge(there.contents as unknown as YAMLMap, made.contents as unknown as YAMLMap, []);
  const service = serviceOf(there, values.service);
  renewPort(service?.get('ports', true), oldPort, values.port);
  renewVolumes(service?.get('volumes', true), serviceOf(made, values.service)?.get('volumes', true));
  // What is written again would be laid out anew.
  return JSON.stringify(there.toJSON()) === unchanged ? before : shown(there);
}

function serviceOf(doc: Document, name: string): YAMLMap | undefined {
  const service = doc.getIn(['services', name]);
  return isMap(service) ? service : undefined;
}

function filledIn(template: string, values: OverlayValues): Document {
  const doc = parseDocument(template.replace('FILES', () => values.files));
  // In a compose file each $ stands twice.
  const text = (value: string): string => value.replaceAll('$', '$$$$');
  const service = (doc.get('services') as YAMLMap).items[0] as Pair<Node, YAMLMap>;
  service.key = doc.createNode(values.service);
  const set = (keys: readonly string[], value: string): void => {
    const node = doc.getIn(['services', ...keys], true);
    if (isScalar(node)) node.value = text(value);
  };
  const at = (...keys: readonly string[]): readonly string[] => [values.service, ...keys];
  set(at('image'), values.image);
  set(at('environment', 'WSGI_DEV_SETTINGS'), values.settings);
  set(at('user'), values.user);
  set(at('labels', 'dev.wsgi-dev.project'), values.project);
  for (const [key, entries] of [
    ['ports', [values.port]],
    ['volumes', [values.root, values.state]],
  ] as const) {
    const list = doc.getIn(['services', values.service, key], true);
    if (isSeq(list)) list.items = entries.map((entry) => doc.createNode(text(entry)));
  }
  return doc;
}

/** Adds to `into` what it lacks of `from`. */
function merge(into: YAMLMap, from: YAMLMap, path: readonly string[]): void {
  for (const pair of from.items as Pair<Node, Node>[]) {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
    const inner = [...path, key];
    const there = into.get(key, true) as Node | undefined;
    // ["services", name, …]
    const own = OWN.includes(inner.slice(2).join('.'));
    if (there === undefined) into.items.push(pair);
    else if (isMap(there) && isMap(pair.value)) merge(there, pair.value, inner);
    else if (isSeq(there) && isMap(pair.value)) mergeEntries(there.items as Node[], pair.value);
    else if (own && isScalar(there) && isScalar(pair.value)) there.value = pair.value.value;
  }
}

/** `environment` and `labels` may be lists of KEY=VALUE. */
function mergeEntries(items: Node[], from: YAMLMap): void {
  for (const pair of from.items as Pair<Node, Node>[]) {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
    const value = isScalar(pair.value) ? String(pair.value.value) : '';
    const there = items.find((item) => isScalar(item) && String(item.value).startsWith(`${key}=`));
    if (isScalar(there)) there.value = `${key}=${value}`;
    else items.push(parseDocument(JSON.stringify(`${key}=${value}`)).contents as Node);
  }
}

function shown(doc: Document): string {
  return doc.toString({ lineWidth: 0, flowCollectionPadding: false });
}
