import { expect, test } from 'vitest';
import type { RunnerEvent } from '../../src/session/events.ts';
import { type Notice, stopNotice } from '../../src/session/notice.ts';

type Env = Readonly<Record<string, string>>;

const event = (name: string, fields: Record<string, unknown> = {}): RunnerEvent => ({
  event: name,
  src: 'app',
  seq: 1,
  t: 1,
  ...fields,
});
const stop = event('stop', { file: 'shop/views.py', line: 42, reason: 'breakpoint' });
const step = event('stop', { file: 'shop/views.py', line: 43, reason: 'step' });
const TITLE = '\x1b[22;0t\x1b]0;paused shop/views.py:42 – shop\x07';
const BACK = '\x1b[23;0t';

function noticeFor(env: Env = { TERM: 'xterm-256color' }, desktop = false): Notice {
  const notice = stopNotice({ project: 'shop', desktop, env });
  if (notice === undefined) throw new Error('no notice');
  return notice;
}

test('a stop rings and takes the title, a step follows with the title, and what ends it gives the title back', () => {
  const notice = noticeFor();
  expect(notice.event(event('request'))).toBe('');
  expect(notice.event(stop)).toBe(`\x07${TITLE}`);
  expect(notice.event(event('prompt'))).toBe('');
  expect(notice.event(event('resume'))).toBe(BACK);
  expect(notice.event(step)).toBe('\x1b[22;0t\x1b]0;paused shop/views.py:43 – shop\x07');
  expect(notice.event(event('resume'))).toBe(BACK);
  expect(notice.event(event('response'))).toBe('');
  expect(notice.end()).toBe('');
});

test.each(['resume', 'crash', 'ready', 'exit'])('%s gives the title back, once', (name) => {
  const notice = noticeFor();
  notice.event(stop);
  expect(notice.event(event(name))).toBe(BACK);
  expect(notice.event(event(name))).toBe('');
  expect(notice.end()).toBe('');
});

test('the session’s end gives it back, once', () => {
  const notice = noticeFor();
  notice.event(stop);
  expect(notice.end()).toBe(BACK);
  expect(notice.end()).toBe('');
});

test('a terminal that comes back to a stop gets the title without a bell, and none where nothing is stopped', () => {
  const notice = noticeFor({ TERM: 'xterm' }, true);
  expect(notice.event(event('redraw', { part: 'end', stop: null, waiting: false }))).toBe('');
  expect(notice.event(event('redraw', { part: 'end', stop: 1, file: 'shop/views.py', line: 42 }))).toBe(TITLE);
});

test.each<[string, Env, string]>([
  ['most', { TERM: 'xterm-256color' }, '\x1b]9;TEXT\x07'],
  ['WezTerm', { TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm' }, '\x1b]9;TEXT\x07'],
  ['kitty', { TERM: 'xterm-kitty' }, '\x1b]99;;TEXT\x1b\\'],
  ['kitty by its window', { TERM: 'xterm-256color', KITTY_WINDOW_ID: '1' }, '\x1b]99;;TEXT\x1b\\'],
  ['VTE', { TERM: 'xterm-256color', VTE_VERSION: '7600' }, '\x1b]777;notify;wsgi-dev;TEXT\x07'],
  ['foot', { TERM: 'foot' }, '\x1b]777;notify;wsgi-dev;TEXT\x07'],
  ['rxvt', { TERM: 'rxvt-unicode-256color' }, '\x1b]777;notify;wsgi-dev;TEXT\x07'],
  ['tmux', { TERM: 'tmux-256color', TMUX: '/tmp/1' }, '\x1bPtmux;\x1b\x1b]9;TEXT\x07\x1b\\'],
  [
    'tmux in kitty',
    { TERM: 'tmux-256color', TMUX: '/tmp/1', KITTY_WINDOW_ID: '1' },
    '\x1bPtmux;\x1b\x1b]99;;TEXT\x1b\x1b\\\x1b\\',
  ],
])('a desktop notice in %s', (_name, env, sequence) => {
  const text = 'paused shop/views.py:42 – shop';
  expect(noticeFor(env, true).event(stop)).toBe(`\x07${TITLE}${sequence.replace('TEXT', text)}`);
  expect(noticeFor(env, true).event(step)).not.toContain(sequence.slice(0, 4));
});

test('a file’s name can neither end a sequence nor begin one', () => {
  const odd = event('stop', { file: 'a;b\x07\x1b]0;c\x9c.py', line: 1, reason: 'interrupt' });
  expect(noticeFor().event(odd)).toBe('\x07\x1b[22;0t\x1b]0;paused a;b??]0;c?.py:1 – shop\x07');
  expect(noticeFor({ TERM: 'foot' }, true).event(odd)).toContain('notify;wsgi-dev;paused a,b??]0,c?.py:1 – shop\x07');
});

test.each([{ TERM: 'dumb' }, { TERM: 'linux' }, { TERM: '' }, {}])('nothing where there is no title: %j', (env) => {
  expect(stopNotice({ project: 'shop', desktop: true, env })).toBeUndefined();
});
