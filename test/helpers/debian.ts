import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** Looks at Debian's archive, as the machine's apt has it; `fetched(NAME)` is a directory with what a package holds. */
export function useDebian(): (name: string) => string {
  let packages = '';
  beforeAll(() => {
    packages = mkdtempSync(join(tmpdir(), 'wsgi-dev-debian-'));
    execFileSync('apt-get', ['-q', 'update'], { stdio: 'ignore' });
  }, 120_000);
  afterAll(() => rmSync(packages, { recursive: true, force: true }));
  return (name) => {
    const into = join(packages, name);
    if (existsSync(into)) return into;
    mkdirSync(into);
    execFileSync('apt-get', ['-q', 'download', name], { cwd: into, stdio: 'ignore' });
    const [archive = ''] = readdirSync(into).filter((file) => file.endsWith('.deb'));
    execFileSync('dpkg-deb', ['-x', archive, '.'], { cwd: into });
    return into;
  };
}

/** The text of a page: without its elements, and with the characters that stand for some. */
export function textOf(page: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
  return page
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name = '') =>
      code === undefined ? (named[name] ?? '') : String.fromCodePoint(Number(code)),
    );
}

/**
 * Of a manual: what stands between the line that begins with `before` and the next one that begins with `behind`, without
 * lines of reStructuredText.
 */
export function passage(text: string, before: string, behind: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith(before)) + 1;
  const end = lines.findIndex((line, at) => at > first && line.startsWith(behind));
  if (first === 0 || end === -1) throw new Error(`the manual has no passage between ${before} and ${behind}`);
  const between = lines.slice(first, end).filter((line) => !/^\s*\.\. /.test(line));
  return `${between.join('\n')}\n`;
}
