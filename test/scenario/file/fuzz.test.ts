import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { compare, pick } from '../../../src/scenario/compare/expect.ts';
import { parseLiteral } from '../../../src/scenario/compare/literal.ts';
import { parseScenario } from '../../../src/scenario/file/parse.ts';
import { fill } from '../../../src/scenario/fill.ts';
import { expand } from '../../../src/scenario/suite/expand.ts';
import { looseFiles, seed } from '../../helpers/fuzz.ts';
import { placeOf } from './parsed.ts';

const settings = { seed, numRuns: 300 };

/** Parses, and goes on with what is sound as a run would. What never ends is ended by the test's time limit. */
function check(text: string): void {
  const result = parseScenario('/nowhere/shop/cart.scenario.yaml', text, placeOf('/nowhere/shop'));
  if ('problems' in result) {
    expect(result.problems.length).toBeGreaterThan(0);
    for (const { where, message } of result.problems)
      expect(`${where}: ${message}`).toMatch(/^cart\.scenario\.yaml:\d+:\d+: ./);
  } else {
    for (const run of expand(result.scenario)) expect(run.name).toEqual(expect.any(String));
  }
}

const words = (
  'name tags skip config server break vars each before after normalize pattern with steps request stop commands ' +
  'resume interrupt response run path method headers json form body files cookies at of stay expect save exact ' +
  'contains match not header command code env'
).split(' ');
const texts = ['GET /', 'a.py:1', 'continue', '200'];
const { text, value, source } = looseFiles(words, texts);

it('any value gives a scenario or a list of faults', () => {
  fc.assert(
    fc.property(value, (any) => check(stringify(any))),
    settings,
  );
});

it('so does a file that is nearly right', () => {
  const steps = fc.array(
    fc.dictionary(fc.constantFrom('request', 'stop', 'commands', 'resume', 'response', 'run'), value, { maxKeys: 2 }),
  );
  const file = fc.record(
    { steps, each: value, vars: value, before: value, config: value },
    { requiredKeys: ['steps'] },
  );
  fc.assert(
    fc.property(file, (any) => check(stringify(any))),
    settings,
  );
});

it('so does any text', () => {
  fc.assert(fc.property(source, check), settings);
});

it('comparing and saving never throw', () => {
  const condition = fc.oneof(
    fc.record({ kind: fc.constantFrom('text', 'exact', 'contains'), text }),
    fc.record({ kind: fc.constant('match'), pattern: text }),
    fc.record({ kind: fc.constant('json'), value, python: fc.boolean() }),
  );
  const from = fc.oneof(
    fc.record({ kind: fc.constant('json'), path: text, python: fc.boolean() }),
    fc.record({ kind: fc.constant('match'), pattern: text }),
  );
  fc.assert(
    fc.property(condition, from, fc.oneof(text, fc.json()), (one, save, actual) => {
      expect(compare([one as never], actual).passed).toEqual(expect.any(Boolean));
      const picked = pick({ name: 'x', from: save } as never, { text: actual });
      expect(Object.keys(picked)).toHaveLength(1);
    }),
    settings,
  );
});

it('a literal is what JSON says, where that is without its own words and escapes', () => {
  const plain = fc.json().filter((one) => !/true|false|null|\\/.test(one));
  fc.assert(
    fc.property(plain, (one) => {
      expect(parseLiteral(one)).toEqual({ value: JSON.parse(one) });
    }),
    settings,
  );
});

it('filling in a value gives that value', () => {
  fc.assert(
    fc.property(value, (any) => {
      expect(fill({ kind: 'json', value: '$' + '{x}' }, { x: any })).toEqual({ kind: 'json', value: any });
    }),
    settings,
  );
});
