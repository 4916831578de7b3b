import { createHash } from 'node:crypto';
import { type Html, html, trusted } from './html.ts';

/** The parts of a page that the build makes: style sheets and scripts, as texts. */
export interface PageAssets {
  readonly style: string;
  /** Sets the colours that the reader chose, before anything is drawn. */
  readonly theme: string;
  readonly script: string;
  readonly playerStyle: string;
  readonly player: string;
}

export interface Page {
  readonly title: string;
  readonly styles: readonly string[];
  readonly head: string;
  readonly scripts: readonly string[];
  /** Lines of JSON for the scripts, by id. */
  readonly data?: { readonly id: string; readonly json: string } | undefined;
  readonly body: Html;
}

/**
 * One page that needs nothing else: no network, and no script or style but its own, by a policy that names their hashes. In
 * pieces: those of the build, most of a page, are not copied for each.
 */
export function page({ title, styles, head, scripts, data, body }: Page): readonly string[] {
  const policy = [
    "default-src 'none'",
    // The player's terminal is WebAssembly, from the script itself.
    `script-src ${[head, ...scripts].map(hash).join(' ')} 'wasm-unsafe-eval'`,
    `style-src ${styles.map(hash).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const start = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
`;
  const middle = html`</head>
<body>
${icons}
${body}
${data && html`<script type="application/json" id="${data.id}">${trusted(inScript(data.json))}</script>\n`}`;
  return [
    start.html,
    ...styles.flatMap((style) => ['<style>', style, '</style>\n']),
    '<script>',
    head,
    '</script>\n',
    middle.html,
    ...scripts.flatMap((script) => ['<script>', script, '</script>\n']),
    '</body>\n</html>\n',
  ];
}

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** JSON has "<" within texts only, where an escape says the same: nothing in it can end the script. */
const inScript = (json: string): string => json.replaceAll('<', '\\u003c');

const icons = trusted(
  `<svg width="0" height="0" class="sprite" aria-hidden="true">${Object.entries({
    passed: 'M4 10.5 8.2 15 16 5.5',
    failed: 'M5 5l10 10M15 5 5 15',
    skipped: 'M4.5 10h11',
    play: 'M6 4v12l10-6z',
    arrow: 'M4 10h12M11 5l5 5-5 5',
  })
    .map(([name, path]) => `<symbol id="icon-${name}" viewBox="0 0 20 20"><path d="${path}"/></symbol>`)
    .join('')}</svg>`,
);
