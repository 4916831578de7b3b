import { expect, test } from 'vitest';
import { hasPassword, proxyWithoutPassword, withoutPasswords } from '../src/passwords.ts';

test.each([
  ['http://ada:s3cret@proxy:3128', 'http://ada:MASKED@proxy:3128'],
  ['http://ada:s3c@ret@proxy:3128/', 'http://ada:MASKED@proxy:3128/'],
  ['HTTP://ADA:S3CRET@PROXY', 'HTTP://ADA:MASKED@PROXY'],
  ['http://:s3cret@proxy', 'http://:MASKED@proxy'],
  ["'postgres://shop:s3cret@db/shop'", "'postgres://shop:MASKED@db/shop'"],
  ['git+https://0123456789abcdef@host/repo', 'git+https://MASKED@host/repo'],
  ['one http://a:bc@x two http://d:ef@y/', 'one http://a:MASKED@x two http://d:MASKED@y/'],
])('%s is shown as %s', (text, shown) => {
  expect(withoutPasswords(text)).toBe(shown);
  expect(hasPassword(text)).toBe(true);
});

test.each([
  'http://proxy:3128',
  'http://ada@proxy:3128',
  'http://127.0.0.1:8000/users/ada@example.com',
  'http://host/a:b@c',
  'debian@sha256:0123',
  'postgres://shop@db/shop',
  'ada:s3cret@',
])('%s has none', (text) => {
  expect(withoutPasswords(text)).toBe(text);
  expect(hasPassword(text)).toBe(false);
});

test.each([
  ['ada:s3cret@proxy:3128', 'ada:MASKED@proxy:3128'],
  ['http://ada:s3cret@proxy:3128', 'http://ada:MASKED@proxy:3128'],
  ['proxy:3128', 'proxy:3128'],
  ['localhost,127.0.0.1', 'localhost,127.0.0.1'],
])('the proxy %s is shown as %s', (address, shown) => {
  expect(proxyWithoutPassword(address)).toBe(shown);
});
