import { expect, it } from 'vitest';
import { parsePlace, requestTarget } from '../../src/scenario/texts.ts';

it.each([
  ['/cart?a=b%20c&d=e', '/cart?a=b%20c&d=e'],
  ['/a b\n', '/a%20b%0A'],
  ['/größe/😀', '/gr%C3%B6%C3%9Fe/%F0%9F%98%80'],
  ['/\ud800', '/%EF%BF%BD'],
])('the target of %j', (path, target) => {
  expect(requestTarget(path)).toBe(target);
});

it.each([
  ['shop/views.py:42', { file: 'shop/views.py', line: 42 }],
  ['./shop/views.py', { file: 'shop/views.py', line: undefined }],
  [' a b.py : 7 ', { file: 'a b.py', line: 7 }],
])('the place %j', (text, value) => {
  expect(parsePlace(text)).toEqual({ value });
});
