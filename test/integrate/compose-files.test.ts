import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeFiles, fileOptions, filesBeneath } from '../../src/integrate/compose/file.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-compose-files-'));
  writeFileSync(join(directory, 'compose.yaml'), '');
});
afterAll(() => rmSync(directory, { recursive: true }));

const OVERLAY = 'compose.wsgi-dev.yaml';

test.each([
  ['named', ['/a/b.yaml', `/a/${OVERLAY}`], {}, '', ['/a/b.yaml']],
  ['of COMPOSE_FILE', [], { COMPOSE_FILE: `b.yaml:${OVERLAY}` }, '', ['b.yaml']],
  [
    'with a separator of its own',
    [],
    { COMPOSE_FILE: `b.yaml;/c.yaml;${OVERLAY}`, COMPOSE_PATH_SEPARATOR: ';' },
    '',
    ['b.yaml', '/c.yaml'],
  ],
  ['of .env', [], {}, `A=1\nCOMPOSE_FILE="b.yaml:${OVERLAY}"\n`, ['b.yaml']],
  ['of the environment before .env', [], { COMPOSE_FILE: `c.yaml:${OVERLAY}` }, 'COMPOSE_FILE=b.yaml\n', ['c.yaml']],
  // Then compose finds them, or reads the variable, by itself.
  ['none but its own', [], { COMPOSE_FILE: 'b.yaml' }, '', []],
  ['none', [], {}, '', []],
] as const)('compose is asked without the overlay: %s', (_name, named, env, dotenv, expected) => {
  writeFileSync(join(directory, '.env'), dotenv);
  const paths = expected.map((path) => (path.startsWith('/') ? path : join(directory, path)));
  expect(filesBeneath(directory, named, env)).toEqual(paths);
});

test('the compose files are never the overlay', () => {
  writeFileSync(join(directory, '.env'), '');
  expect(composeFiles(directory, [], { COMPOSE_FILE: `compose.yaml:${OVERLAY}` })).toEqual([
    join(directory, 'compose.yaml'),
  ]);
});

test.each([
  ['/shop', ['/shop/compose.yaml'], '-f compose.yaml'],
  ['/shop/sub', ['/shop/compose.yaml', '/shop/sub/b.yml'], '-f ../compose.yaml -f b.yml'],
  ['/', ["/our shop/it's.yaml"], "-f 'our shop/it'\\''s.yaml'"],
])('what docker compose is told in %s of %j', (directory, files, expected) => {
  expect(fileOptions(directory, files)).toBe(expected);
});
