import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLoad } from '../helpers/load.ts';
import { answers, fileThere, get, makeProject, type Up } from '../helpers/project.ts';

const SAVES = 20;
const PER_SECOND = 50;

const application = `
import time
from shop import edition

def application(environ, start_response):
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/long":
        open("/app/long-has-begun", "w").close()
    time.sleep({"/slow": 0.5, "/long": 8}.get(environ["PATH_INFO"], 0))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{edition.NUMBER} {len(body)}".encode()]
`;

const project = makeProject(
  { 'wsgi.py': application, 'shop/__init__.py': '', 'shop/edition.py': 'NUMBER = 0\n' },
  { shared: true },
);
let up: Up;
beforeAll(async () => {
  up = await project.up();
});
afterAll(project.remove);

test(`${SAVES} saves under ${PER_SECOND} requests a second lose none of them`, async () => {
  const load = startLoad(up.url, PER_SECOND);
  for (let save = 1; save <= SAVES; save += 1) {
    // As a person edits: at no moment that suits the server.
    await sleep(400 + ((save * 373) % 900));
    project.write({ 'shop/edition.py': `NUMBER = ${save}\n` });
    await answers(up.url, new RegExp(`^${save} `));
  }
  const settled = load.now();
  // By then every process of before has been told to end.
  await sleep(3000);
  const outcomes = await load.stop();
  expect(outcomes.filter(({ status, body }) => status !== 200 || !/^\d+ (0|20000)$/.test(body))).toEqual([]);
  const later = outcomes.filter(({ begun }) => begun > settled);
  expect(later.length).toBeGreaterThan(2 * PER_SECOND);
  expect(later.filter(({ body }) => !body.startsWith(`${SAVES} `))).toEqual([]);
});

test('a request that runs for longer than mod_wsgi gives one at its end is answered by the code it began with', async () => {
  project.write({ 'shop/edition.py': 'NUMBER = "before"\n' });
  await answers(up.url, /^before /);
  const long = get(up.url, '/long');
  await fileThere(join(project.directory, 'long-has-begun'));
  for (const name of ['between', 'after']) {
    project.write({ 'shop/edition.py': `NUMBER = "${name}"\n` });
    await answers(up.url, new RegExp(`^${name} `));
  }
  expect(await long).toEqual({ status: 200, body: 'before 0' });
});

test('an edit in the midst of a slow import is served too', async () => {
  project.write({ 'shop/edition.py': 'import time\ntime.sleep(2)\nNUMBER = "slow"\n' });
  const waits = answers(up.url, /^(slow|quick) /);
  await sleep(500);
  project.write({ 'shop/edition.py': 'NUMBER = "quick"\n' });
  await answers(up.url, /^quick /);
  expect(await waits).toMatchObject({ status: 200 });
});

test('an application that writes modules as it loads is not loaded for ever', async () => {
  const writes = `
import time
with open("/app/shop/generated.py", "w") as file:
    file.write(f"AT = {time.time()}\\n")
with open("/app/shop/constant.py", "w") as file:
    file.write("SAME = 1\\n")
with open("/app/loads.txt", "a") as file:
    file.write("x")
NUMBER = "writes"
`;
  project.write({ 'shop/edition.py': writes });
  await answers(up.url, /^writes /);
  const count = (): number => readFileSync(join(project.directory, 'loads.txt'), 'utf8').length;
  // A load takes 20 ms: were it endless, these would be dozens.
  await sleep(4000);
  const loads = count();
  expect(loads).toBeLessThanOrEqual(5);
  await sleep(3000);
  expect(count()).toBe(loads);
  project.write({ 'shop/edition.py': 'NUMBER = "mended"\n' });
  await answers(up.url, /^mended /);
});
