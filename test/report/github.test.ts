import { expect, test } from 'vitest';
import { annotations, summaryMarkdown } from '../../src/report/github.ts';
import { failed, nasty, passed, skipped } from './samples.ts';

test('an annotation stands where the application stood, relative to the repository', () => {
  expect(annotations([passed, failed, skipped].map((result) => ({ result, base: 'services/shop' })))).toEqual([
    '::error file=services/shop/shop/coupons.py,line=17,title=a coupon is taken off once::' +
      'The request GET /checkout stopped at shop/coupons.py:17 (breakpoint), and no step waits for a stop there.%0A' +
      'scenarios/coupon.scenario.yaml:11: it stopped where no step expects a stop',
  ]);
});

test('without such a place, at the step in the scenario file', () => {
  const failure = {
    ...failed.failure,
    kind: 'time',
    message: 'no response in 10 s',
    at: undefined,
    source: [],
  } as const;
  expect(
    annotations([{ result: { ...failed, failure: { lastSeen: '', step: 4, line: 11, ...failure } }, base: '' }])[0],
  ).toMatch(/^::error file=scenarios\/coupon\.scenario\.yaml,line=11,title=/);
});

test('a stop that did not come is no stop that nothing waits for', () => {
  const failure = { lastSeen: '', step: 4, ...failed.failure, kind: 'absent', message: '', at: undefined } as const;
  const result = { ...failed, failure: { ...failure, line: 11, source: [] } };
  expect(annotations([{ result, base: '' }])[0]).toMatch(/: a stop did not come$/);
  expect(summaryMarkdown([result])).toContain('**A stop did not come**');
});

test.each(['/usr/lib/python3.11/json/decoder.py', '<string>', '…/json/decoder.py'])(
  'nor at %s, which is no file of the repository',
  (file) => {
    const failure = {
      lastSeen: '',
      step: 4,
      line: 11,
      ...failed.failure,
      kind: 'stop',
      at: { file, line: 353 },
    } as const;
    const [line] = annotations([
      { result: { ...failed, failure: { ...failure, message: '', source: [] } }, base: 'shop' },
    ]);
    expect(line).toMatch(/^::error file=shop\/scenarios\/coupon\.scenario\.yaml,line=11,title=/);
  },
);

test('every annotation is one line, and its texts end nothing early', () => {
  const [line = '', ...more] = annotations([{ result: nasty, base: '' }]);
  expect(more).toEqual([]);
  expect(line).not.toMatch(/[\r\n\x07\x1b]/);
  const [, properties = '', message] = /^::error (.*?)::(.*)$/.exec(line) ?? [];
  expect(properties.split(',').map((property) => property.split('=')[0])).toEqual(['file', 'line', 'title']);
  expect(properties).toContain('with%3A colons');
  expect(properties).toContain('%250A');
  expect(message).toContain('%0Abut it was');
});

test('the summary: failures first, each with its source and what was last seen', () => {
  const summary = summaryMarkdown([passed, failed, skipped]);
  expect(summary).toBe(`## wsgi-dev ci: 1 failed, 1 passed, 1 skipped

|  | scenario | file | time |
| --- | --- | --- | --: |
| ❌ failed | a coupon is taken off once | \`scenarios/coupon.scenario.yaml\` | 4.2 s |
| ✅ passed | two items add up \\[item=3, coupon=SPRING\\] | \`scenarios/cart.scenario.yaml\` | 1.1 s |
| ➖ skipped | import of a large catalogue | \`scenarios/import.scenario.yaml\` |  |

### ❌ a coupon is taken off once

**It stopped where no step expects a stop** at \`shop/coupons.py:17\`, in step 4 of \`scenarios/coupon.scenario.yaml:11\`

\`\`\`text
The request GET /checkout stopped at shop/coupons.py:17 (breakpoint), and no step waits for a stop there.
\`\`\`

\`\`\`text
   14  def discounted(total, coupon):
   15      if coupon is None:
   16          return total
-> 17      breakpoint()
   18      return total * (100 - coupon.percent) // 100
\`\`\`

<details><summary>Last seen</summary>

\`\`\`text
> /app/shop/coupons.py(17)discounted()
-> breakpoint()
(Pdb) 
\`\`\`

</details>

`);
});

test('no text of the application is Markdown or HTML in the summary', () => {
  const outside = summaryMarkdown([nasty]).replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '');
  expect(outside).not.toMatch(/(?<!\\)<(?!\/?(details|summary)>)/);
  const row = outside.split('\n').find((line) => line.startsWith('| ❌'));
  expect(row?.match(/(?<!\\)\|/g)).toHaveLength(5);
});

test('a fence is longer than what it holds', () => {
  expect(summaryMarkdown([nasty])).toMatch(/^`{5}text\nexpected [\s\S]*?\n````\nstill the message\n`{5}$/m);
});

test('a summary stays within what GitHub keeps', () => {
  const text = 'é'.repeat(100_000);
  const huge = { ...nasty, name: text, failure: { ...failed.failure, message: text, lastSeen: text } };
  const results = Array.from({ length: 1000 }, () => ({
    ...huge,
    failure: { kind: 'crash', source: [], at: undefined, step: 1, line: 1, ...huge.failure } as const,
  }));
  expect(Buffer.byteLength(summaryMarkdown(results))).toBeLessThan(1024 * 1024);
});
