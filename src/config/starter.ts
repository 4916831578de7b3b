import { KEYS } from './describe.ts';

/** Where the schema lies that an editor completes the file by, below the project's directory: `init` and `up` leave a copy there. */
export const SCHEMA_COPY = '.wsgi-dev/wsgi-dev.schema.json';

/** What was found, under the keys of wsgi-dev.yaml, as YAML: `{app: 'shop.wsgi:application'}`. */
export type FoundValues = Readonly<Record<string, string | undefined>>;

/**
 * A wsgi-dev.yaml that says what was found; every other key stands in a comment with an example, so that to remove a `# `
 * is enough: the heads of the sections stand there without one. `remarks` are lines for the person, above `app`; `schema` is the way from the file to the schema.
 */
export function starterFile(found: FoundValues, remarks: readonly string[], schema = SCHEMA_COPY): string {
  const lines = Object.entries(KEYS).flatMap(([key, [text, example]]) => {
    const indent = '  '.repeat(key.split('.').length - 1);
    const name = key.split('.').at(-1) ?? key;
    const about = [...(key === 'app' ? remarks : []), text].map((line) => `${indent}## ${line}`);
    if (example === '') return ['', ...about, `${name}:`];
    const value = found[key];
    const line = value === undefined ? `${indent}# ${name}: ${example}` : `${indent}${name}: ${value}`;
    return [...(indent === '' ? [''] : []), ...about, line];
  });
  return [
    `# yaml-language-server: $schema=${schema}`,
    '## Written by `wsgi-dev init` from what it found here. Remove a "# " and the line counts;',
    '## `wsgi-dev config` shows what holds. Editors complete by the schema above, which comes with the first `wsgi-dev up`.',
    ...lines,
    '',
  ].join('\n');
}
