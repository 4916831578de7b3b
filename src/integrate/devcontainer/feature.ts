import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextFile } from '../../plan/plan.ts';
import type { Offered } from '../offer.ts';
import { FEATURE } from './files.ts';

/** The Feature as a project has it: install.sh and the description, the runner that it installs, and authorities to trust. */
export function featureFiles(packageRoot: string, certificates: readonly ContextFile[]): readonly Offered[] {
  const images = join(packageRoot, 'images');
  const runner = join(images, 'runner');
  const files = [
    ...listed(join(images, 'feature')).map((path) => [join(images, 'feature', path), path] as const),
    ...['__main__.py', ...listed(runner, 'wsgi_dev_inside'), ...listed(runner, 'wsgi_dev_runner')].map(
      (path) => [join(runner, path), `runner/${path}`] as const,
    ),
  ];
  return [
    ...files.map(([source, path]) => ({ path, content: readFileSync(source, 'utf8') })),
    ...certificates.map(({ path, content }) => ({ path: `certificates/${path}`, content: `${content}` })),
  ].map(({ path, content }) => ({
    path: `${FEATURE}/${path}`,
    content,
    mode: path.endsWith('.sh') ? 0o755 : 0o644,
    own: true,
  }));
}

/** The files below a folder of `directory`, sorted, relative to `directory`. */
function listed(directory: string, folder = ''): readonly string[] {
  return readdirSync(join(directory, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => !name.includes('__pycache__') && statSync(join(directory, name)).isFile())
    .sort();
}
