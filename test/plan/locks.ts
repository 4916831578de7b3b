import type { Lock } from '../../src/plan/lock.ts';

/** "sha256:" and this digit, 64 times. */
export const sha = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** A lock of a small project. */
export const lock: Lock = {
  lock: '1',
  from: {
    python: '3.11',
    mod_wsgi: 'distro',
    apt: ['hello'],
    pip: { 'requirements.txt': sha('1') },
  },
  architecture: 'amd64',
  base: { suite: 'bookworm' },
  runner: sha('2'),
  python: '3.11.2',
  apache: '2.4.71-1~deb12u1',
  mod_wsgi: '4.9.4-1+b2',
  apt: ['apache2=2.4.71-1~deb12u1', 'hello=2.10-3', 'login=1:4.13+dfsg1-1'],
  pip: [`bottle==0.13.4 ${sha('3')}`, `zope.interface==8.7 ${sha('4')}`],
  bundled: ['pip==23.0.1'],
};
