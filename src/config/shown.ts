import { relative } from 'node:path';
import { HOST } from './authorities.ts';
import type { Config } from './config.ts';
import { type Origins, saidAt } from './origins.ts';
import type { KeyPath } from './yaml.ts';

/** One value that holds, under its key of wsgi-dev.yaml, and who said it. */
export interface Row {
  readonly path: KeyPath;
  readonly value: unknown;
  /** "wsgi-dev.yaml:3:9", "--port 80", "WSGI_DEV_PORT=80", "found", "default"; of a list all that added to it. */
  readonly from: string;
}

/** Every value that holds, in the order of the documentation. */
export function shownRows(config: Config, origins: Origins): readonly Row[] {
  const { layer } = origins;
  const { server, packages, debug, base } = config;
  const row = (path: KeyPath, value: unknown, from = last(origins, path) ?? 'default'): Row => ({ path, value, from });
  const list = (path: KeyPath, items: readonly string[], otherwise: string): Row =>
    row(path, items, saidAt(origins, path).join(', ') || (items.length === 0 ? 'default' : otherwise));
  const inside = (path: string): string => relative(config.directory, path) || '.';
  const rows = [
    row(['name'], config.name, layer.name?.where ?? 'the name of the directory'),
    row(['app'], appText(config.app), layer.app?.where ?? 'found'),
    row(['root'], inside(config.root), layer.root?.where),
    row(['python'], base.kind === 'suite' ? base.python : base.python?.value, layer.python?.where),
    row(['image'], base.kind === 'image' ? base.image.value : undefined, layer.image?.where),
    row(['devcontainer'], layer.devcontainer?.value, layer.devcontainer?.where),
    row(['server', 'mod_wsgi'], modWsgiText(config), layer.modWsgi?.where),
    row(
      ['server', 'apache_config'],
      server.apacheConfig && inside(server.apacheConfig.path),
      layer.apacheConfig?.where,
    ),
    row(['server', 'port'], address(server.host, server.port), layer.address?.where),
    row(['server', 'mount'], server.mount, layer.mount?.where),
    ...Object.entries(server.static).map(([url, path]) =>
      row(['server', 'static', url], inside(path), layer.static?.[url]?.where),
    ),
    list(['packages', 'pip'], packages.pip.map(inside), 'found'),
    list(['packages', 'groups'], packages.groups, 'found'),
    list(['packages', 'extras'], packages.extras, 'found'),
    list(['packages', 'apt'], packages.apt, 'found'),
    ...Object.entries(config.env).map(([name, value]) =>
      row(
        ['env', name],
        value,
        last(origins, ['env', name]) ?? (saidAt(origins, ['env_file']).join(', ') || surrounding(name)),
      ),
    ),
    list(
      ['mounts'],
      config.mounts.map(({ source, target, readOnly }) => `${source}:${target}${readOnly ? ':ro' : ''}`),
      'found',
    ),
    list(
      ['ca_certificates'],
      config.caCertificates.map((path) => (path === HOST ? path : inside(path))),
      'found',
    ),
    list(['check', 'paths'], config.check.paths, 'default'),
    row(['debug', 'debugger'], debug.debugger, layer.debugger?.where),
    row(['debug', 'debugger_port'], address(debug.editor.host, debug.editor.port), layer.debuggerPort?.where),
    list(['debug', 'break'], debug.breaks, 'found'),
    row(['debug', 'break_at_start'], debug.breakAtStart, layer.breakAtStart?.where),
    row(['debug', 'notify'], debug.notify, layer.notify?.where),
    row(['debug', 'post_mortem'], debug.postMortem ?? 'on a terminal', layer.postMortem?.where),
    row(['debug', 'compare'], debug.compare, layer.compare?.where),
    list(['hooks', 'before_start'], config.beforeStart, 'found'),
    row(['user'], config.user ?? 'the owner of the directory', layer.user?.where),
    row(['network'], config.network ?? "the engine's own", layer.network?.where),
    row(['reload'], config.reload, layer.reload?.where),
  ];
  return [...rows.filter(({ value }) => value !== undefined), ...others(origins, rows)];
}

/** What set a variable that nobody wrote down. */
function surrounding(name: string): string {
  return /_proxy$/i.test(name) ? 'the proxies of this machine' : 'ca_certificates';
}

/** What was said under keys that have no row of their own, as it was written. */
function others({ said }: Origins, rows: readonly Row[]): readonly Row[] {
  const covered = (path: KeyPath): boolean =>
    path[0] === 'env' || rows.some((one) => one.path.every((part, index) => path[index] === part));
  const latest = new Map(said.map((one) => [JSON.stringify(one.path), one]));
  return [...latest.values()]
    .filter(({ path }) => !covered(path))
    .map(({ path, value, where }) => ({ path, value, from: where }));
}

function last(origins: Origins, path: KeyPath): string | undefined {
  return saidAt(origins, path).at(-1);
}

/** As --app takes it. */
export function appText(app: Config['app']): string {
  if (app.kind === 'apache') return 'as the Apache configuration says';
  if (app.kind === 'none') return 'not looked for';
  const callable = `${app.callable}${app.factory ? '()' : ''}`;
  return `${app.kind === 'module' ? app.module : app.path}:${callable}`;
}

function modWsgiText({ base }: Config): string | undefined {
  if (base.kind === 'image') return base.modWsgi === undefined ? undefined : textOf(base.modWsgi.value);
  return textOf(base.modWsgi);
}

function textOf(modWsgi: { readonly kind: 'distro' | 'pypi'; readonly version?: string | undefined }): string {
  return modWsgi.version === undefined ? modWsgi.kind : `${modWsgi.kind}==${modWsgi.version}`;
}

function address(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
