import type { Layer } from './layer.ts';

/** What an Apache configuration of the user's own decides by itself, and what is of use only together with one. */
export function apacheNotices({
  apacheConfig,
  app,
  mount,
  static: directories = {},
  paths = {},
}: Layer): readonly string[] {
  if (apacheConfig === undefined) {
    return Object.values(paths).map(({ where }) => `${where}: server.paths has no effect without server.apache_config`);
  }
  return [app, mount, ...Object.values(directories)].flatMap((said) =>
    said === undefined ? [] : [`${said.where} has no effect: ${apacheConfig.where} decides what is served where`],
  );
}
