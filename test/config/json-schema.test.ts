import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { KEYS } from '../../src/config/describe.ts';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { starterFile } from '../../src/config/starter.ts';
import { schemaFiles } from '../../src/schemas.ts';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly description?: string;
}

const schema = configJsonSchema() as Node;
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

test.each(schemaFiles())('schemas/%s is what the program says of itself', (name, text) => {
  const published = readFileSync(resolve(import.meta.dirname, '../../schemas', name), 'utf8');
  expect(published, 'run `node scripts/schemas.mjs`').toBe(text);
});

/** Dotted keys of a schema, those of maps with any keys left out. */
function keysOf({ properties = {} }: Node, before = ''): readonly string[] {
  return Object.entries(properties).flatMap(([name, node]) => [
    `${before}${name}`,
    ...keysOf(node, `${before}${name}.`),
  ]);
}

test('every key is described, and every description is of a key', () => {
  const described = Object.keys(KEYS);
  const known = keysOf(schema);
  expect([...described].sort(), 'src/config/describe.ts').toEqual([...known].sort());
});

test('every example is valid, and what `init` comments out is YAML once a "# " is removed', () => {
  const text = starterFile({}, []).replace(/^( *)# (?!yaml)/gm, '$1');
  const value = parse(text) as Record<string, unknown>;
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
  expect(keysOf(schema).filter((key) => !key.includes('.'))).toEqual(expect.arrayContaining(Object.keys(value)));
});

test('each line that `init` comments out counts by itself once its "# " is removed', () => {
  const lines = starterFile({ 'packages.pip': '[a.txt]' }, []).split('\n');
  const commented = lines.flatMap((line, at) => (/^ *# (?!yaml)/.test(line) ? [at] : []));
  const leaves = (value: unknown, before = ''): readonly string[] =>
    Object.entries((value ?? {}) as object).flatMap(([name, inner]) => [
      `${before}${name}`,
      ...(before === '' ? leaves(inner, `${name}.`) : []),
    ]);
  const uncommented = commented.flatMap((at) => {
    const value = parse(lines.with(at, lines[at]?.replace('# ', '') ?? '').join('\n'));
    expect(validate(value), `${lines[at]}: ${JSON.stringify(validate.errors)}`).toBe(true);
    return leaves(value);
  });
  const keys = Object.entries(KEYS).flatMap(([key, [, example]]) => (example === '' ? [] : [key]));
  expect(keys.filter((key) => !uncommented.includes(key))).toEqual([]);
});

test('what was found stands there uncommented, with what leads to it', () => {
  const text = starterFile({ name: 'shop', app: 'shop.wsgi:application', 'packages.pip': '[a.txt]' }, [
    'Several:',
    'x',
  ]);
  expect(parse(text)).toMatchObject({ name: 'shop', app: 'shop.wsgi:application', packages: { pip: ['a.txt'] } });
  expect(text).toMatch(/^# yaml-language-server: \$schema=\.wsgi-dev\/wsgi-dev\.schema\.json\n/);
  expect(text).toContain('## Several:\n## x\n');
});

test.each([
  [{ nmae: 'x' }, false],
  [{ server: { port: '127.0.0.1:80' }, python: 3.11 }, true],
  [{ server: { prot: 80 } }, false],
  [{ env: { A: 1, B: null, C: 'x' } }, true],
  [{ packages: { pip: 'requirements.txt' } }, false],
  [{ debug: null }, true],
])('an editor takes %j: %s', (value, valid) => {
  expect(validate(value)).toBe(valid);
});
