import pc from 'picocolors';
import { expect, test } from 'vitest';
import {
  type CheckFinding,
  type CheckReport,
  checkNeeds,
  checkSummary,
  checkText,
  passText,
  problems,
} from '../../src/report/check.ts';

const plain = pc.createColors(false);

function finding(parts: Partial<CheckFinding> = {}): CheckFinding {
  return {
    kind: 'stdout',
    level: 'problem',
    file: 'shop/views.py',
    line: 20,
    source: 'print("x")',
    message: 'writes to stdout',
    when: 'GET /',
    why: 'It goes elsewhere.',
    remedy: 'Log it.',
    ...parts,
  };
}

function report(...findings: readonly CheckFinding[]): CheckReport {
  return {
    findings,
    answers: [{ request: 'GET /', path: '/', status: 200 }],
    passes: ['observe'],
    needs: [],
    seconds: 4.2,
  };
}

test('a place once, and each reason once', () => {
  const client = ['HTTP/1.1 200 OK', '', 'x'];
  const text = checkText(
    report(
      finding(),
      finding({ kind: 'cgi', message: 'corrupts it:', why: 'B.', remedy: 'C.', client, also: ['GET /a', 'GET /b'] }),
      finding({ line: 30 }),
    ),
    plain,
  );
  expect(text).toBe(`shop/views.py:20  print("x")
  problem: writes to stdout [stdout]
    why: It goes elsewhere.
    do:  Log it.
  problem: corrupts it: [cgi]
      | HTTP/1.1 200 OK
      | 
      | x
    and so: GET /a, GET /b
    why: B.
    do:  C.

shop/views.py:30  print("x")
  problem: writes to stdout [stdout]`);
});

test('a note has no remedy', () => {
  expect(checkText(report(finding({ level: 'note', source: null })), plain)).toBe(
    'shop/views.py:20\n  note: writes to stdout [stdout]',
  );
});

test.each([
  [finding({ line: null, source: null }), 'shop/views.py'],
  [finding({ file: null, line: null, source: null }), 'the application'],
])('what has no line', (one, place) => {
  expect(checkText(report(one), plain).split('\n')[0]).toBe(place);
});

test.each([
  [report(), 0, 'No problems (GET / 200; 4.2 s)'],
  [report(finding({ level: 'note' })), 0, 'No problems, 1 note (GET / 200; 4.2 s)'],
  [report(finding(), finding({ file: 'b.py' })), 2, '2 problems in 2 files (GET / 200; 4.2 s)'],
  [
    { ...report(finding()), answers: [{ request: 'GET /slow', path: '/slow', status: null }] },
    1,
    '1 problem in 1 file (GET /slow –; 4.2 s)',
  ],
])('the last line', (one, count, line) => {
  expect(problems(one)).toBe(count);
  expect(checkSummary(one)).toBe(line);
});

test('the pass that runs', () => {
  expect(passText('observe')).toBe('1/7 by itself, each request three times');
  expect(passText('deployed')).toBe('7/7 in a daemon process of mod_wsgi');
});

test.each([
  [[], undefined],
  [['home=DIRECTORY', 'umask=0002'], 'As it is, its site needs: WSGIDaemonProcess home=DIRECTORY umask=0002'],
  [
    ['WSGIApplicationGroup %{GLOBAL}', 'lang=C.UTF-8'],
    'As it is, its site needs: WSGIDaemonProcess lang=C.UTF-8, WSGIApplicationGroup %{GLOBAL}',
  ],
])('what mod_wsgi must be told for it', (needs, line) => {
  expect(checkNeeds({ ...report(), needs })).toBe(line);
});
