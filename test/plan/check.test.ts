import { expect, test } from 'vitest';
import type { AppTarget } from '../../src/config/config.ts';
import { checkContainerPlan, checkOrder, namedRequests, sentOf } from '../../src/plan/check.ts';
import { configOf } from './config.ts';

const inputs = { id: '1', image: 'i', user: '1:1', stateDirectory: '/state', version: '1', term: 'dumb' };

test('publishes nothing, whatever the server has', () => {
  const server = { ...configOf().server, portFixed: true };
  const plan = checkContainerPlan(configOf({ server, env: { KEY: 'value' } }), inputs);
  expect(plan.publish).toEqual([]);
  expect(plan.name).toBe('shop-check-1');
  expect(plan.command.slice(-2)).toEqual(['/usr/lib/wsgi-dev', 'check']);
  expect(plan.env).toContain('KEY=value');
});

const app: AppTarget = { kind: 'module', module: 'wsgi', callable: 'application', factory: false };

test.each([
  ['/', ''],
  ['/shop', '/shop'],
])('mounted at %s', (mount, expected) => {
  const server = { ...configOf().server, mount };
  const requests = namedRequests([sentOf({ method: 'GET', path: '/cart', body: undefined })]);
  expect(checkOrder(configOf({ server }), app, requests, 5)).toEqual({
    app,
    root: '/app',
    mount: expected,
    requests: [{ name: 'GET /cart', method: 'GET', path: '/cart', headers: {}, body: '' }],
    limit: 5,
  });
});

test('a body that is JSON goes as JSON, any other as a form; each request has a name of its own', () => {
  const bodies = ['{"item": 7}', 'item=7', '{item}', 'item=7'];
  const requests = namedRequests(bodies.map((body) => sentOf({ method: 'POST', path: '/cart', body })));
  expect(requests.map(({ name, headers, body }) => [name, headers['Content-Type'], atob(body)])).toEqual([
    ['POST /cart', 'application/json', '{"item": 7}'],
    ['POST /cart (2)', 'application/x-www-form-urlencoded', 'item=7'],
    ['POST /cart (3)', 'application/x-www-form-urlencoded', '{item}'],
  ]);
});
