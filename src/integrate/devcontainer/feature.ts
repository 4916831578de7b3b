import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Offered } from '../offer.ts';
import { FEATURE } from './files.ts';

/** The Feature as a project has it: install.sh and the description, and the runner that it installs. */
export function featureFiles(packageRoot: string): readonly Offered[] {
  const images = join(packageRoot, 'images');
  const files = [
    ...listed(join(images, 'feature')).map((path) => [join(images, 'feature', path), path] as const),
    ...['wsgi_dev_inside', 'wsgi_dev_runner'].flatMap((name) =>
      listed(join(images, 'runner', name)).map(
        (path) => [join(images, 'runner', name, path), `runner/${name}/${path}`] as const,
      ),
    ),
  ];
  return files.map(([source, path]) => ({
    path: `${FEATURE}/${path}`,
    content: readFileSync(source, 'utf8'),
    mode: path.endsWith('.sh') ? 0o755 : 0o644,
    own: true,
  }));
}

function listed(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => statSync(join(directory, name)).isFile())
    .sort();
}
