import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docker } from '../helpers/docker.ts';
import { exampleFiles, makeProject, type TestProject } from '../helpers/project.ts';

const application = `
import os
import time

FRUIT = ["apple", "pear"]


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/stop":
        value = environ["QUERY_STRING"]
        breakpoint()
        body = value.upper()
    elif path == "/raise":
        raise LookupError("no such fruit")
    elif path == "/crash":
        os.abort()
    elif path == "/hang":
        while True:
            time.sleep(0.01)
    elif path == "/write":
        with open("written", "a") as file:
            file.write("x")
        with open("written") as file:
            body = file.read()
    else:
        body = environ.get("HTTP_COOKIE", "") or ",".join(FRUIT)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "seen=yes")])
    return [body.encode()]
`;

const LIMIT_MS = 300_000;
let project: TestProject;

beforeAll(async () => {
  project = makeProject({ 'wsgi.py': application }, { shared: true });
  const { code, stderr } = await project.run(['build']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
}, LIMIT_MS);
afterAll(() => project.remove());

/** Runs the scenarios and reads what they left. */
async function ci(scenarios: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const files = Object.fromEntries(Object.entries(scenarios).map(([name, text]) => [`${name}.scenario.yaml`, text]));
  project.write(files);
  const ran = await project.run(['ci', ...Object.keys(files), '--output', 'report', ...args]);
  return ran;
}

const result = (slug: string) => JSON.parse(readFileSync(join(project.directory, 'report', slug, 'result.json'), 'utf8'));

describe('a scenario', () => {
  test('stops, asks, and reads the response', async () => {
    const { code, stdout } = await ci({
      good: `
name: it stops
steps:
  - request: GET /stop?pear
  - stop:
      at: wsgi.py:13
      function: application
      reason: breakpoint
      commands:
        - {run: p value, expect: "'pear'", save: {fruit: {match: "'(.*)'"}}}
        - {run: p FRUIT, expect: {json: [apple, pear]}}
  - response: {status: 200, body: PEAR}
  - request: GET /\${fruit}
  - response: {body: seen=yes}
`,
    });
    expect(stdout).toMatch(/^ok {4}it stops \(\d/m);
    expect(stdout).toMatch(/^1 passed$/m);
    expect(code).toBe(0);
  });
});
