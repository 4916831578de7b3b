import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { apacheSource } from '../plan/container.ts';
import { hash } from '../plan/image.ts';
import type { RunnerSettings } from '../plan/settings.ts';
import { readAdopted } from './adopted.ts';

/** A tree of Apache's has a few hundred files; of more the first are looked at. */
const FILES = 2000;

/** The settings with a mark that is another one once a file of the user's own Apache configuration was edited. */
export function stamped(settings: RunnerSettings, { server: { apacheConfig } }: Config): RunnerSettings {
  if (settings.apache === undefined || apacheConfig === undefined) return settings;
  const files = apacheConfig.kind === 'file' ? [apacheConfig.path] : filesBelow(apacheConfig.path);
  return { ...settings, apache: { ...settings.apache, stamp: hash(files.map(seen)) } };
}

/** Whether something that the user's own Apache configuration includes was edited since the last start has read it. */
export function includesEdited(config: Config): boolean {
  const { apacheConfig } = config.server;
  const included = readAdopted(config)?.included;
  if (apacheConfig === undefined || included === undefined) return false;
  return Object.entries(included).some(
    ([path, mark]) => marked(apacheSource(apacheConfig, config.root, path)).join() !== (mark ?? []).join(),
  );
}

function filesBelow(directory: string): readonly string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .slice(0, FILES)
    .map((entry) => join(entry.parentPath, entry.name));
}

/** As the runner marks it. */
function marked(path: string): readonly number[] {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return [];
  return [found.isDirectory() ? 0 : Number(found.size), Number(found.mtimeNs / 1_000_000n)];
}

function seen(path: string): readonly unknown[] {
  return [path, ...marked(path)];
}
