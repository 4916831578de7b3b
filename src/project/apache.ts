import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { hash } from '../plan/image.ts';
import type { RunnerSettings } from '../plan/settings.ts';

/** A tree of Apache's has a few hundred files; of more the first are looked at. */
const FILES = 2000;

/** The settings with a mark that is another one once a file of the user's own Apache configuration was edited. */
export function stamped(settings: RunnerSettings, { server: { apacheConfig } }: Config): RunnerSettings {
  if (settings.apache === undefined || apacheConfig === undefined) return settings;
  const files = apacheConfig.kind === 'file' ? [apacheConfig.path] : filesBelow(apacheConfig.path);
  return { ...settings, apache: { ...settings.apache, stamp: hash(files.map(seen)) } };
}

function filesBelow(directory: string): readonly string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .slice(0, FILES)
    .map((entry) => join(entry.parentPath, entry.name));
}

function seen(path: string): readonly unknown[] {
  const found = statSync(path, { throwIfNoEntry: false });
  return [path, found?.size, found?.mtimeMs];
}
