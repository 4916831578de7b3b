import { expect, test } from 'vitest';
import type { AppTarget } from '../../src/config/config.ts';
import { checkContainerPlan, checkOrder } from '../../src/plan/check.ts';
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
  expect(checkOrder(configOf({ server }), app, ['/cart'], 5)).toEqual({
    app,
    root: '/app',
    mount: expected,
    paths: ['/cart'],
    limit: 5,
  });
});
