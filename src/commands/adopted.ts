import type { Config } from '../config/config.ts';
import type { Adopted, Change } from '../project/adopted.ts';

/** For a start in the background: how much was changed, and where all of it is said. */
export function adoptedLines({ mode, server }: Config, adopted: Adopted | undefined): readonly string[] {
  if (adopted === undefined) return [];
  const count = adopted.changed.length;
  const path = server.apacheConfig?.path ?? '';
  const show = `wsgi-dev config --apache${mode === 'debug' ? ' --debug' : ''}`;
  const word = count === 1 ? '1 directive' : `${count} directives`;
  return [`${path}: ${word} changed; \`${show}\` and \`wsgi-dev logs\` say which`, ...otherUrls(adopted.urls)];
}

/** The URLs behind the first one. */
export function otherUrls(urls: readonly string[]): readonly string[] {
  return urls.slice(1).map((url) => `Also at ${url}`);
}

/** A change in one line: "deploy/site.conf:12: ErrorLog /x → left out (logs go to the terminal)". */
export function changeLine({ file, line, before, after, why }: Change): string {
  return `${file}:${line}: ${before} → ${after ?? 'left out'} (${why})`;
}
