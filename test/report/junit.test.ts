import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type JunitCase, junit as pieces } from '../../src/report/junit.ts';
import { debianProgram } from '../helpers/programs.ts';
import { failed, nasty, nastyText, passed, skipped } from './samples.ts';

const schemas = resolve(import.meta.dirname, '../fixtures/junit');
const cases = [passed, failed, nasty, skipped].map((result) => ({
  result,
  base: '',
  transcript: `(Pdb) c\n${nastyText}\n`,
}));
const inShop = cases.map((one) => ({ ...one, base: 'services/shop' }));

const junit = (all: readonly JunitCase[]): string => [...pieces(all)].join('');

let xmllint: string;
beforeAll(() => {
  xmllint = debianProgram(['xmllint'], 'libxml2-utils');
});

function lint(xml: string, ...args: string[]) {
  const { stdout, stderr, status } = spawnSync(xmllint, [...args, '-'], { input: xml, encoding: 'utf8' });
  return { stdout, stderr, status };
}

const xpath = (xml: string, path: string): string => lint(xml, '--xpath', `string(${path})`).stdout.slice(0, -1);

test('the schema that Jenkins’ xUnit plugin validated by, which knows file and line, accepts it', () => {
  const { status, stderr } = lint(junit(inShop), '--noout', '--schema', join(schemas, 'jenkins-xunit-1.100.xsd'));
  expect(stderr).toBe('- validates\n');
  expect(status).toBe(0);
});

test('the schema of today takes exception to file and line alone', () => {
  const without = junit(cases).replace(/(?<=<testcase( \w+="[^"]*")*) (file|line)="[^"]*"/g, '');
  const { stderr } = lint(without, '--noout', '--schema', join(schemas, 'jenkins-xunit.xsd'));
  expect(stderr).toBe('- validates\n');
});

test('counts and times', () => {
  const xml = junit(cases);
  expect(xpath(xml, '/testsuites/@tests')).toBe('4');
  expect(xpath(xml, '/testsuites/@failures')).toBe('2');
  expect(xpath(xml, 'count(//testsuite)')).toBe('4');
  expect(xpath(xml, '//testsuite[1]/@timestamp')).toBe('2026-03-14T09:26:53');
  expect(xpath(xml, '//testsuite[4]/@skipped')).toBe('1');
  expect(xpath(xml, '//testcase[1]/@time')).toBe('1.135');
});

test('a failure has its place, its message, and the source with the current line marked', () => {
  const xml = junit(inShop);
  const testcase = '//testsuite[2]/testcase';
  expect(xpath(xml, `${testcase}/@name`)).toBe('a coupon is taken off once');
  expect(xpath(xml, `${testcase}/@classname`)).toBe('services.shop.scenarios.coupon');
  expect(xpath(xml, `${testcase}/@file`)).toBe('services/shop/shop/coupons.py');
  expect(xpath(xml, `${testcase}/@line`)).toBe('17');
  expect(xpath(xml, `${testcase}/failure/@type`)).toBe('stop');
  expect(xpath(xml, `${testcase}/failure/@message`)).toBe(failed.failure?.message);
  expect(xpath(xml, `${testcase}/failure`)).toContain('-> 17      breakpoint()');
  expect(xpath(xml, `${testcase}/failure`)).toContain('Step 4: response 200 (scenarios/coupon.scenario.yaml:11)');
});

test('the rows of `each` are cases of one suite, told apart by their names', () => {
  const rows = [3, 4].map((item) => ({ result: { ...passed, name: `cart [item=${item}]` }, base: '', transcript: '' }));
  const xml = junit(rows);
  expect(xpath(xml, 'count(//testsuite)')).toBe('1');
  expect(xpath(xml, '//testcase[1]/@name')).toBe('cart [item=3]');
  expect(xpath(xml, '//testcase[2]/@name')).toBe('cart [item=4]');
});

test('scenarios of one name in two projects are two suites', () => {
  const xml = junit(['a', 'b'].map((base) => ({ result: passed, base, transcript: '' })));
  expect(xpath(xml, '//testsuite[1]/@name')).toBe('a/scenarios/cart.scenario.yaml');
  expect(xpath(xml, '//testsuite[2]/testcase/@classname')).toBe('b.scenarios.cart');
});

test('a scenario that was skipped says why', () => {
  const xml = junit(cases);
  expect(xpath(xml, 'count(//testsuite[4]/testcase/skipped)')).toBe('1');
  expect(xpath(xml, '//testsuite[4]/testcase/system-out')).toBe('skipped: needs the supplier’s test account');
});

test('the transcript arrives as it is, less what XML can’t hold', () => {
  const text = 'a ]]> b ]]> c ]]> <&>"\' née €\tend\n';
  expect(xpath(junit([{ result: passed, base: '', transcript: `${text}\0\x07\x1b[31m\ufffe` }]), '//system-out')).toBe(
    text,
  );
});

test('of a long transcript the end', () => {
  const out = xpath(
    junit([{ result: passed, base: '', transcript: `first\n${'x\n'.repeat(50_000)}last\n` }]),
    '//system-out',
  );
  expect(out).toMatch(/^… the last 64 KiB of transcript\.txt:\nx/);
  expect(out).toMatch(/last\n$/);
});

test('the transcripts of a file are read as its suite is made, not before', () => {
  const read: string[] = [];
  const some = ['a', 'b'].map((base) => ({
    result: passed,
    base,
    get transcript() {
      read.push(base);
      return '';
    },
  }));
  const before: string[] = [];
  for (const _ of pieces(some)) before.push(read.join());
  expect(before).toEqual(['', 'a', 'a,b', 'a,b']);
});
