import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Config } from '../../src/config/config.ts';
import { KEYS } from '../../src/config/describe.ts';
import { type Flags, variables } from '../../src/config/flags.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { ExitCode, Fault } from '../../src/errors.ts';
import { containerPlan } from '../../src/plan/container.ts';
import { imagePlan } from '../../src/plan/image.ts';
import { suiteStack } from '../../src/plan/stack.ts';
import { looseFiles, seed } from '../helpers/fuzz.ts';
import { project } from './project.ts';

const settings = { seed, numRuns: 250 };

const around = {
  'wsgi.py': 'application = 1\n',
  'requirements.txt': '',
  'shop/wsgi.py': 'application = 1\n',
  'static/': '',
  'media/': '',
  'src/': '',
  '.env': 'A=1\n',
};

/** A fault (code 2) that names the place of all that is wrong, or a configuration that can be planned. */
async function check(directory: string, flags: Flags = {}, env: Readonly<Record<string, string>> = {}): Promise<void> {
  let config: Config;
  try {
    config = (await resolveConfig(flags, env, directory)).config;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.code).toBe(ExitCode.usage);
    expect(error.message).not.toMatch(/^ +at .*:\d+:\d+\)?$|\[object |undefined/m);
    const [first = '', ...lines] = error.message.split('\n');
    if (!/faults? in the configuration:$/.test(first)) return;
    const place = /^(?:[\w./-]+:\d+:\d+|--[a-z-]+ .*|WSGI_DEV_\w+=.*): ./s;
    expect(lines.join('\n')).toMatch(place);
    return;
  }
  plan(config);
}

/** Nothing that a sound configuration says stops the plans of its image and container. */
function plan(config: Config): void {
  const suite = { kind: 'suite', python: '3.11', modWsgi: { kind: 'distro' } } as const;
  const base = { ref: 'base', id: 'sha256:1' };
  const files = {
    dockerfile: '',
    runner: { hash: '', files: () => [] },
    requirements: [],
    requirementsNamed: [],
    certificates: [],
  };
  const image = imagePlan(
    { ...config, debug: { ...config.debug, debugger: 'pdb' } },
    { base, stack: suiteStack(suite), ...files },
  );
  expect(image.tag).toMatch(/^wsgi-dev\/[a-z0-9_-]+:[0-9a-f]{12}$/);
  const where = { image: image.tag, user: '1:1', nonce: 'n', stateDirectory: '/s', version: '0', term: 'dumb' };
  const container = containerPlan(config, { ...where, hostPort: 8000, editorPort: undefined });
  for (const entry of container.env) expect(entry).toMatch(/^[A-Za-z_][\w.-]*=/);
}

const words = [...new Set(Object.keys(KEYS).flatMap((key) => key.split('.')))];
const texts = ['wsgi:application', 'shop/wsgi.py', '.', '..', './media:/m', '.env', '3.11', '3.9', '0', '8000', 'pdb'];
const { text, value, source } = looseFiles(words, texts);

/** What the examples of the keys say, some of them, with another value in the place of one or two. */
const nearlyRight = fc
  .tuple(
    fc.subarray(Object.entries(KEYS).filter(([, [, example]]) => example !== '')),
    fc.array(fc.tuple(fc.constantFrom(...Object.keys(KEYS)), value), { maxLength: 2 }),
  )
  .map(([right, wrong]) => {
    const file: Record<string, unknown> = {};
    for (const [key, [, example]] of right) put(file, key.split('.'), parse(example));
    for (const [key, any] of wrong) put(file, key.split('.'), any);
    return file;
  });

function put(file: Record<string, unknown>, [first = '', ...rest]: readonly string[], any: unknown): void {
  if (rest.length === 0) file[first] = any;
  else {
    const inner = file[first];
    const map = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...inner } : {};
    put(map, rest, any);
    file[first] = map;
  }
}

it('any value gives a configuration or a list of faults', async () => {
  const directory = project(around);
  await fc.assert(
    fc.asyncProperty(value, async (any) => {
      writeFileSync(join(directory, 'wsgi-dev.yaml'), stringify(any));
      await check(directory);
    }),
    settings,
  );
});

it('so does a file that is nearly right, with another over it', async () => {
  const directory = project(around);
  await fc.assert(
    fc.asyncProperty(nearlyRight, nearlyRight, async (main, over) => {
      writeFileSync(join(directory, 'wsgi-dev.yaml'), stringify(main));
      writeFileSync(join(directory, 'wsgi-dev.override.yaml'), stringify(over));
      await check(directory);
    }),
    settings,
  );
});

it('so does any text', async () => {
  const directory = project(around);
  await fc.assert(
    fc.asyncProperty(source, async (any) => {
      writeFileSync(join(directory, 'wsgi-dev.yaml'), any);
      await check(directory);
    }),
    settings,
  );
});

it('so do flags and variables', async () => {
  const directory = project(around);
  const names = [
    'app',
    'python',
    'image',
    'port',
    'user',
    'network',
    'debugger',
    'debuggerPort',
    'projectName',
  ] as const;
  const flags = fc.dictionary(fc.constantFrom(...names), text, { maxKeys: 4 });
  const lists = fc.record(
    { env: fc.array(text), break: fc.array(text), envFile: fc.array(text) },
    { requiredKeys: [] },
  );
  // The kernel takes no NUL in either, and where the project lies is another matter.
  const plain = (one: string): string => one.replaceAll('\0', '');
  const known = variables.filter((name) => !/FILE|DIRECTORY/.test(name));
  const env = fc.dictionary(fc.constantFrom(...known), text.map(plain), { maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(flags, lists, env, fc.boolean(), async (one, many, variable, debug) => {
      await check(directory, { ...one, ...many, debug } as Flags, variable);
    }),
    settings,
  );
});
