import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Python, traces } from '../../helpers/pythons.ts';
import type { Framework } from './frameworks.ts';
import type { Kind } from './kind.ts';

/** The applications, one for each framework. */
export const APPS = join(import.meta.dirname, 'apps');

/** The number of the line of apps/FILE that ends with `# here MARK`. */
export function lineOf(file: string, mark: string): number {
  const line = linesOf(file).findIndex((text) => text.endsWith(`# here ${mark}`)) + 1;
  if (line === 0) throw new Error(`${file} has no line \`# here ${mark}\``);
  return line;
}

/** How pdb shows the place at which `kind` stops. */
export function placeOf(framework: Framework, kind: Kind, python: Python): string {
  if (kind.id === 'template' && framework.template !== undefined) return framework.template;
  const file = kind.file === 'app' ? framework.app : (kind.file ?? framework.views);
  const line = lineOf(file, kind.id);
  // Until Python 3.12 breakpoint() stops at the line after it.
  const shown = kind.id === 'stopped' && traces(python) ? line + 1 : line;
  return `> /app/${file}(${shown})${functionAt(file, line)}()`;
}

/** The function that `line` of `file` lies in. */
function functionAt(file: string, line: number): string {
  const lines = linesOf(file);
  const depth = indentation(lines[line - 1] ?? '');
  for (const text of lines.slice(0, line).reverse()) {
    const name = /^\s*def (\w+)/.exec(text)?.[1];
    if (name !== undefined && indentation(text) < depth) return name;
  }
  return '<module>';
}

function linesOf(file: string): readonly string[] {
  return readFileSync(join(APPS, file), 'utf8').split('\n');
}

function indentation(text: string): number {
  return text.length - text.trimStart().length;
}
