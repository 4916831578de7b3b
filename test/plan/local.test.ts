import { expect, test } from 'vitest';
import { localsIn } from '../../src/plan/local.ts';

test.each<[string, readonly string[]]>([
  ['./libs/cart\n', ['./libs/cart']],
  ['libs/cart[web] ; python_version > "3"  # ours\n', ['libs/cart']],
  ['cart @ file:./libs/cart\n', ['./libs/cart']],
  ['cart[web]@file:///srv/cart\nfile://localhost/srv/b\n', ['/srv/cart', '/srv/b']],
  ['wheels/cart-1-py3-none-any.whl \\\n  --hash=sha256:aa\n', ['wheels/cart-1-py3-none-any.whl']],
  ['cart-1.tar.gz\n.\n', ['cart-1.tar.gz', '.']],
  ['--find-links wheels\n-f ./more\n--find-links=file:third\n', ['wheels', './more', 'third']],
  ['-e ./libs/cart\n-r base/all.txt\n-c limits.txt\n--index-url http://host/simple/\n', []],
  ['flask==3\nzope.interface>=5,<6 # a/b\ncart @ https://host/cart.whl\ngit+https://host/a.git@v1\n', []],
  ['https://host/a-1.whl\n--find-links https://host/all/\n# ./libs/cart\nflask ; sys_platform == "a/b"\n', []],
])('%j takes %j from this machine', (text, expected) => {
  expect(localsIn(text)).toEqual(expected);
});
