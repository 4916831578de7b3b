import { expect, test } from 'vitest';
import { parseInstalled } from '../../src/plan/installed.ts';

const text = `architecture amd64
apt libapache2-mod-wsgi-py3=4.9.4-1+b2
apt apache2-bin=2.4.71-1
apt apache2=2.4.71-1
python 3.11.2
pip zope.interface==8.7
pip Flask==3.1.3
pip bottle==0.13.4
end
`;

test('what an image says of itself, in one order', () => {
  expect(parseInstalled(text)).toEqual({
    architecture: 'amd64',
    python: '3.11.2',
    apache: '2.4.71-1',
    modWsgi: '4.9.4-1+b2',
    apt: ['apache2=2.4.71-1', 'apache2-bin=2.4.71-1', 'libapache2-mod-wsgi-py3=4.9.4-1+b2'],
    pip: ['bottle==0.13.4', 'Flask==3.1.3', 'zope.interface==8.7'],
  });
});

test('a mod_wsgi that was compiled goes before the package', () => {
  expect(parseInstalled(`${text}mod_wsgi 6.1.1\n`).modWsgi).toBe('6.1.1');
});
