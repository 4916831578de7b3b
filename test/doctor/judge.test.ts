import { describe, expect, test } from 'vitest';
import type { Check } from '../../src/doctor/check.ts';
import * as judge from '../../src/doctor/judge.ts';

const GIB = 1024 ** 3;
const engine = (version: string, apiVersion: string, os = 'linux') =>
  judge.judgeEngine({ version, apiVersion, os, arch: 'amd64' }, 'unix:///s', 'the default');
const info = (security: readonly string[], system = 'Debian') => ({ system, directory: '/var/lib/docker', security });
const users = { owner: '1000:1000', runs: '1000:1000' };
const ofRoot = { owner: '0:0', runs: '33:33' };
const base = (rest: Partial<judge.BaseFacts>) =>
  judge.judgeBase({
    refs: ['debian:bookworm-slim', 'wsgi-dev/base:bookworm'],
    present: undefined,
    refused: 'no such host',
    unmakeable: 'that needs root',
    ...rest,
  });

test.each<[Check, Check['level'], RegExp]>([
  [engine('28.5.2', '1.51'), 'ok', /28\.5\.2 \(API 1\.51, linux\/amd64\) at unix:\/\/\/s, by the default/],
  [engine('20.10.0', '1.41'), 'ok', /20\.10/],
  [engine('19.03', '1.40'), 'fail', /19\.03/],
  [engine('5.0', '2.0'), 'ok', /5\.0/],
  [engine('28.5.2', '1.51', 'windows'), 'fail', /windows/],

  [judge.judgeTerminal(false, undefined), 'ok', /none: lines of stdin/],
  [judge.judgeTerminal(true, 'xterm'), 'ok', /^xterm: keys go to the prompt/],
  [judge.judgeTerminal(true, 'dumb'), 'note', /TERM is dumb/],
  [judge.judgeTerminal(true, ''), 'note', /TERM is not set/],

  [judge.judgeContexts(['default'], 'the default', undefined), 'ok', /^none is set$/],
  [judge.judgeContexts(['default', 'prod'], 'the context prod', 'prod'), 'ok', /^the context prod; .*default, prod/],
  [judge.judgeContexts(['default', 'prod'], 'DOCKER_HOST', 'prod'), 'note', /before the current context prod/],
  [judge.judgeContexts(['default', 'prod'], '--host', 'prod'), 'ok', /current: prod/],

  [judge.judgeDisk('/d', 20 * GIB), 'ok', /20\.0 GiB/],
  [judge.judgeDisk('/d', 4 * GIB), 'note', /4\.0 GiB/],
  [judge.judgeDisk('/d', 0.5 * GIB), 'fail', /0\.5 GiB/],
  [judge.judgeDisk('/d', undefined), 'ok', /not looked at/],

  [base({ present: 'wsgi-dev/base:bookworm' }), 'ok', /^wsgi-dev\/base:bookworm is on the engine/],
  [base({ refused: undefined }), 'ok', /^debian:bookworm-slim will be pulled/],
  [base({ unmakeable: undefined }), 'ok', /^wsgi-dev\/base:bookworm will be made/],
  [base({}), 'fail', /neither be pulled nor made/],

  [judge.judgeRegistry('debian:x', undefined), 'ok', /it has debian:x/],
  [judge.judgeRegistry('debian:x', 'no answer in time'), 'note', /none gives debian:x: no answer in time/],

  [judge.judgePort(8000, false, 8000, undefined), 'ok', /8000 is free/],
  [judge.judgePort(8000, false, 8003, undefined), 'ok', /`up` takes 8003/],
  [judge.judgePort(8000, true, undefined, undefined), 'fail', /8000 is busy/],
  [judge.judgePort(8000, true, undefined, 'http://127.0.0.1:8000/'), 'ok', /runs at http/],

  [judge.judgeUser('1000:1000', '1000:1000', info(['seccomp'])), 'ok', /belongs to 1000:1000, .* runs as 1000:1000/],
  [judge.judgeUser('1000:1000', '1000:1000', info(['rootless'])), 'fail', /rootless/],
  [judge.judgeUser('33:33', '1000:1000', info(['rootless'])), 'note', /rootless/],
  [judge.judgeUser('0:0', '1000:1000', info(['rootless'])), 'note', /runs as 0:0/],
  [judge.judgeUser('1000:1000', '1000:1000', info(['userns'])), 'note', /userns-remap/],
  [judge.judgeUser('501:20', '501:20', info(['rootless'], 'Docker Desktop')), 'ok', /Docker Desktop/],

  [judge.judgeMount('/p', undefined), 'ok', /sees \/p/],
  [judge.judgeMount('/p', { message: 'It does not see /p', hint: 'Choose' }), 'fail', /does not see \/p/],

  [judge.judgeOwners('/p/.wsgi-dev', users, [], false), 'ok', /^\.wsgi-dev is 1000:1000's$/],
  [judge.judgeOwners('/p/.wsgi-dev', users, [{ path: 'run/history', uid: 0 }], false), 'note', /run\/history \(0\)$/],
  [
    judge.judgeOwners('/p/.wsgi-dev', users, Array(5).fill({ path: '', uid: 7 }), false),
    'note',
    /\. \(7\), and 2 more$/,
  ],
  [judge.judgeOwners('/p/.wsgi-dev', users, [], true), 'fail', /can't be written/],

  [judge.judgeProxies({}, []), 'ok', /^none$/],
  [
    judge.judgeProxies({ HTTP_PROXY: 'http://a:secret@p:1', http_proxy: 'x' }, []),
    'ok',
    /^HTTP_PROXY=http:\/\/a:MASKED@p:1$/,
  ],
  [judge.judgeProxies({ HTTP_PROXY: 'http://localhost:1' }, ['HTTP_PROXY names …']), 'note', /localhost/],

  [judge.judgeCertificates(0, []), 'ok', /none beyond/],
  [judge.judgeCertificates(2, []), 'ok', /^2 beyond/],
  [judge.judgeCertificates(0, [['PIP_CERT', '/gone.pem']]), 'note', /PIP_CERT names \/gone\.pem, which is not there/],

  [judge.judgeConfinement(info(['seccomp', 'apparmor']), '/p'), 'ok', /apparmor/],
  [judge.judgeConfinement(info(['selinux', 'seccomp']), '/p'), 'note', /SELinux/],
  [judge.judgeConfinement(info([]), '/p'), 'ok', /none/],
])('%j', (check, level, found) => {
  expect(check.level).toBe(level);
  expect(check.found).toMatch(found);
});

describe('what is not well', () => {
  test.each<[Check, RegExp]>([
    [engine('19.03', '1.40'), /Docker Engine 20\.10/],
    [engine('28', '1.51', 'windows'), /Linux containers/],
    [judge.judgeContexts([], 'DOCKER_HOST', 'prod'), /--context prod/],
    [judge.judgeDisk('/d', 1), /docker system prune/],
    [base({}), /docker load.*no such host; that needs root/],
    [judge.judgeRegistry('x', 'y'), /docker login.*registry-mirrors/],
    [judge.judgePort(80, true, undefined, undefined), /ss -ltnp sport = :80.*--port/],
    [judge.judgeUser('1:1', '1:1', info(['rootless'])), /--debug --user 0:0.*--user 33:33/],
    [judge.judgeUser('0:0', '1:1', info([])), /with --debug alone/],
    [judge.judgeUser('1:1', '1:1', info(['userns'])), /chmod -R o\+rX/],
    [judge.judgeCertificates(0, [['PIP_CERT', '/x']]), /unset/],
    [judge.judgeTerminal(true, 'dumb'), /xterm-256color/],
    [judge.judgeMount('/p', { message: 'no', hint: '--context default' }), /--context default/],
    [judge.judgeOwners('/p/.wsgi-dev', users, [], true), /chown -R 1000:1000 \/p\/\.wsgi-dev$/],
    [
      judge.judgeOwners('/p', ofRoot, [{ path: '', uid: 9 }], false),
      /chown -R 0:0 \/p && sudo chown -R 33:33 \/p\/run/,
    ],
    [judge.judgeProxies({ HTTP_PROXY: 'x' }, ['it is odd']), /it is odd\n.*config\.json/],
    [judge.judgeConfinement(info(['selinux']), '/home/ada/shop'), /chcon -Rt container_file_t \/home\/ada\/shop/],
  ])('%j comes with what to do', (check, remedy) => {
    expect(check.remedy).toMatch(remedy);
  });
});
