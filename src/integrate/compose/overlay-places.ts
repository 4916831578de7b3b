import { posix } from 'node:path';
import { isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';

/** What the file is to say of a service: "HOST:PORT:PORT" and "UID:GID". */
interface Wanted {
  readonly service: string;
  readonly port: string;
  readonly user: string;
}

/** The port entry that was made for these settings (the runner's, as the file has them); undefined: they tell of none. */
export function portOf(settings: string): string | undefined {
  try {
    const { listen, url }: { listen?: unknown; url?: unknown } = JSON.parse(settings.replaceAll('$$', '$'));
    const inside = /:(\d+)$/.exec(String(listen))?.[1];
    return inside && `127.0.0.1:${new URL(String(url)).port || 80}:${inside}`;
  } catch {
    return undefined;
  }
}

/** What the server is told at its start, where the service has that already. */
export function settingsOf(service: YAMLMap): string {
  const environment = service.get('environment', true);
  if (isMap(environment)) return String(environment.get('WSGI_DEV_SETTINGS') ?? '');
  const found = entriesOf(environment)
    .map(textOf)
    .find((one) => one.startsWith('WSGI_DEV_SETTINGS='));
  return found?.replace('WSGI_DEV_SETTINGS=', '') ?? '';
}

/** Puts `made` where the port entry `old` is. */
export function renewPort(ports: unknown, old: string | undefined, made: string): void {
  for (const entry of entriesOf(ports)) if (isScalar(entry) && entry.value === old) entry.value = made;
}

/** Puts each of `made` ("SOURCE:TARGET") where its target is, or adds it; a mode that is there stays. */
export function renewVolumes(volumes: unknown, made: unknown): void {
  if (!isSeq(volumes) || volumes === made) return;
  for (const node of entriesOf(made)) {
    const [source = '', target = ''] = textOf(node).split(':');
    const there = entriesOf(volumes).find((entry) => targetOf(entry) === target);
    if (there === undefined) volumes.items.push(node);
    else if (isMap(there) && !isSame(String(there.get('source')), source)) there.set('source', source);
    else if (isScalar(there)) {
      const [before = '', , ...mode] = textOf(there).split(':');
      if (!isSame(before, source)) there.value = [source, target, ...mode].join(':');
    }
  }
}

/** What of the service in `content` is somebody's own and keeps the server from working as it would: a line for each. */
export function asides(content: string, { service: name, port, user }: Wanted): readonly string[] {
  const service = parseDocument(content).getIn(['services', name]);
  if (!isMap(service)) return [];
  const ports = service.get('ports', true) as Node | undefined;
  const inside = entriesOf(ports).map(insideOf);
  const wanted = port.split(':').at(-1);
  const own = String(service.get('user') ?? user);
  // Without the tag the ports of the compose file are there too.
  const isWhole = ports?.tag === '!override' && inside.length > 0;
  const astray = isWhole && inside.every((one) => one !== undefined && one !== wanted);
  return [
    ...(astray ? [`its \`ports\` lead to ${inside.join(', ')}, and the server listens on ${wanted}`] : []),
    ...(own.includes('$') || numbers(own) === user ? [] : [`it runs as the user ${own}, and the project is ${user}'s`]),
  ];
}

/** "8000" of "127.0.0.1:80:8000/tcp"; undefined: a variable, or a range. */
function insideOf(entry: Node): string | undefined {
  const text = isMap(entry) ? String(entry.get('target')) : textOf(entry);
  return /^(?:.*:)?(\d+)(?:\/\w+)?$/.exec(text)?.[1];
}

function targetOf(entry: Node): string | undefined {
  return isMap(entry) ? String(entry.get('target')) : textOf(entry).split(':')[1];
}

/** Of paths: what begins with neither a dot nor a slash is a volume. */
function isSame(one: string, other: string): boolean {
  return /^[./]/.test(one) && posix.relative('', one) === posix.relative('', other);
}

function numbers(user: string): string {
  return user.includes(':') ? user : `${user}:${user}`;
}

function entriesOf(list: unknown): readonly Node[] {
  return isSeq(list) ? (list.items as Node[]) : [];
}

function textOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : '';
}
