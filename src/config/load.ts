import type { z } from 'zod';
import { filled, readEnvFile } from './envfile.ts';
import { problemsAt } from './excerpt.ts';
import type { Environment } from './flags.ts';
import { spotsOf } from './issues.ts';
import type { Layer } from './layer.ts';
import { leavesOf, type Saying } from './origins.ts';
import { type Place, pathChecks } from './paths.ts';
import type { Problem } from './problems.ts';
import { type FileSchema, fileSchema, isTextual, keepsNull } from './schema.ts';
import type { Sourced } from './sourced.ts';
import { readText, shown } from './text.ts';
import { type KeyPath, parseSource, type Source } from './yaml.ts';

/** One configuration file, read and checked on its own. */
export interface Loaded {
  /** Of a faulty file: its sound top-level keys, so that the rest can be judged too. */
  readonly layer: Layer;
  /** `root` is sound or not given. */
  readonly rooted: boolean;
  /** `python` and `image` are sound or not given. */
  readonly versioned: boolean;
  readonly problems: readonly Problem[];
  readonly notices: readonly string[];
  /** Each value, and where it stands. */
  readonly said: readonly Saying[];
}

/** Reads one wsgi-dev.yaml. Imports yaml and zod: reach this module by `import()` only, when a file exists. */
export function loadFile(path: string, place: Place): Loaded {
  const file = shown(path, place.cwd);
  const read = readText(path);
  if ('fault' in read) {
    return {
      layer: {},
      rooted: false,
      versioned: false,
      problems: [{ where: `${file}:${read.line}:${read.column}`, message: read.fault }],
      notices: [],
      said: [],
    };
  }
  const source = parseSource(read.text, { env: place.env, textual: isTextual, keepsNull });
  const atFile = problemsAt(file, read.text);
  const notices = source.unset.map((name) => `${file}: the variable ${name} is not set; it is taken as blank`);
  // After a syntax fault the rest of the file may have been misread: saying more would mislead.
  if (source.broken) {
    return { layer: {}, rooted: false, versioned: false, problems: atFile(source.spots), notices, said: [] };
  }
  const schema = fileSchema(pathChecks(place));
  const whole = schema.safeParse(source.value);
  const issues = whole.error?.issues ?? [];
  const bad = new Set(issues.flatMap((issue) => topKeys(issue)));
  const sound = schema.safeParse(without(source.value, bad)).data ?? {};
  const { layer, problems } = layerOf(sound, placesIn(file, source), place);
  return {
    layer,
    rooted: !bad.has('root') && source.spots.length === 0,
    versioned: !bad.has('python') && !bad.has('image') && source.spots.length === 0,
    problems: [...atFile([...source.spots, ...spotsOf(issues, source, schema)]), ...problems],
    notices,
    said: leavesOf(source.value, placesIn(file, source)).filter((one) => decides(one, place.env)),
  };
}

/** A variable that is only named, and that the environment does not have, leaves what another source says of it. */
function decides({ path, value }: Saying, env: Environment): boolean {
  return path[0] !== 'env' || value !== null || env[String(path[1])] !== undefined;
}

function topKeys(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  const [first] = issue.path;
  if (first !== undefined) return [first];
  return issue.code === 'unrecognized_keys' ? issue.keys : [];
}

function without(value: unknown, keys: ReadonlySet<PropertyKey>): unknown {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.has(key)));
}

/** Where the value at a path stands, for people. */
export type Places = (path: KeyPath) => string;

/** The places of a file's values. */
export function placesIn(file: string, source: Source): Places {
  return (path) => {
    const { line, column } = source.place(path, 'value');
    return `${file}:${line}:${column}`;
  };
}

/** What checked settings say, as a layer; their env files are read, and those may have faults. */
export function layerOf(
  settings: z.output<FileSchema>,
  where: Places,
  place: Place,
): { readonly layer: Layer; readonly problems: readonly Problem[] } {
  const { values, problems } = readEnvFiles(settings.env_file ?? [], place);
  return { layer: toLayer(settings, values, where, place.env), problems };
}

function toLayer(
  settings: z.output<FileSchema>,
  fileEnv: Readonly<Record<string, string>>,
  where: Places,
  env: Environment,
): Layer {
  const sourced = <T>(value: T | undefined, ...path: KeyPath): Sourced<T> | undefined =>
    value === undefined ? undefined : { value, where: where(path) };
  const staticDirectories = Object.entries(settings.server?.static ?? {}).map(
    ([url, value]) => [url, { value, where: where(['server', 'static', url]) }] as const,
  );
  return {
    name: sourced(settings.name, 'name'),
    app: sourced(settings.app, 'app'),
    root: sourced(settings.root, 'root'),
    python: sourced(settings.python, 'python'),
    image: sourced(settings.image, 'image'),
    service: sourced(settings.compose?.service, 'compose', 'service'),
    composeFiles: settings.compose?.file === undefined ? undefined : [settings.compose.file].flat(),
    devcontainer: sourced(settings.devcontainer, 'devcontainer'),
    address: sourced(settings.server?.port, 'server', 'port'),
    modWsgi: sourced(settings.server?.mod_wsgi, 'server', 'mod_wsgi'),
    debugger: sourced(settings.debug?.debugger, 'debug', 'debugger'),
    breakAtStart: sourced(settings.debug?.break_at_start, 'debug', 'break_at_start'),
    notify: sourced(settings.debug?.notify, 'debug', 'notify'),
    debuggerPort: sourced(settings.debug?.debugger_port, 'debug', 'debugger_port'),
    postMortem: sourced(settings.debug?.post_mortem, 'debug', 'post_mortem'),
    compare: sourced(settings.debug?.compare, 'debug', 'compare'),
    breaks: settings.debug?.break,
    checkPaths: settings.check?.paths,
    mount: sourced(settings.server?.mount, 'server', 'mount'),
    apacheConfig: sourced(settings.server?.apache_config, 'server', 'apache_config'),
    paths: Object.fromEntries(
      Object.entries(settings.server?.paths ?? {}).map(([path, value]) => [
        path,
        { value, where: where(['server', 'paths', path]) },
      ]),
    ),
    static: Object.fromEntries(staticDirectories),
    pip: settings.packages?.pip,
    groups: settings.packages?.groups,
    extras: settings.packages?.extras,
    apt: settings.packages?.apt,
    mounts: settings.mounts,
    caCertificates: settings.ca_certificates,
    beforeStart: settings.hooks?.before_start,
    fileEnv,
    env: filled(new Map(Object.entries(settings.env ?? {})), env),
  };
}

function readEnvFiles(paths: readonly string[], { cwd, env }: Place) {
  const files = paths.map((path) => readEnvFile(path, shown(path, cwd)));
  const values: Readonly<Record<string, string>> = Object.assign({}, ...files.map((file) => filled(file.values, env)));
  return { values, problems: files.flatMap((file) => file.problems) };
}
