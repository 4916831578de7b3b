import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, roundRobin, type Sample } from '../bench.ts';
import { untilServed } from '../http.ts';
import type { Lab, Project } from '../lab.ts';
import { requestsPerSecond, wrkMissing } from '../wrk.ts';

/** One process answers: more connections would only wait. */
const LOAD = { connections: 2, seconds: 3 } as const;

/** About a millisecond of function calls and loops for each request. */
const APPLICATION = {
  'wsgi.py': `import other
import shop
import work


def application(environ, start_response):
    body = str(work.total(400) + shop.total(100)).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
`,
  'work.py': `def price(number):
    result = 0
    for digit in str(number):
        result += int(digit)
    return result


def total(count):
    return sum(price(number) for number in range(count))
`,
  'shop.py': `def total(count):
    result = 0
    for number in range(count):
        if number < 0:
            result = -1
        result += number
    return result
`,
  'other.py': `def never():
    return 1
`,
};

/** A breakpoint in a module that no request comes to, and one on a line of a called function that none comes to. */
const ELSEWHERE = 'other.py:2';
const BESIDE = 'shop.py:5';

export const breaks: Bench = {
  name: 'breaks',
  about: 'requests per second in debug mode with a breakpoint that is not hit, over none (wrk)',
  rounds: 10,
  rows: [
    {
      title: 'Python 3.14, a breakpoint in a module that is not used / none',
      value: '3.14 elsewhere',
      over: '3.14 none',
      unit: 'req/s',
      goal: { least: 0.95 },
    },
    {
      title: 'Python 3.14, one in a function that is called, on a line that is not reached / none',
      value: '3.14 beside',
      over: '3.14 none',
      unit: 'req/s',
      goal: { least: 0.95 },
    },
    {
      title: 'Python 3.11, a breakpoint in a module that is not used / none',
      value: '3.11 elsewhere',
      over: '3.11 none',
      unit: 'req/s',
    },
    {
      title: 'Python 3.11, one in a function that is called, on a line that is not reached / none',
      value: '3.11 beside',
      over: '3.11 none',
      unit: 'req/s',
    },
  ],
  missing: wrkMissing,
  async run(lab, rounds) {
    const steps = [...(await contestants(lab, '3.14')), ...(await contestants(lab, '3.11'))];
    return await roundRobin(rounds, steps);
  },
};

/** One server, whose breakpoints change between the measurements. */
async function contestants(lab: Lab, python: string): Promise<readonly (() => Promise<Sample>)[]> {
  const project = await lab.project(`bench-breaks-${python}`);
  for (const [file, text] of Object.entries(APPLICATION)) writeFileSync(join(project.directory, file), text);
  await lab.wsgiDev(project, 'up', '-d', '--debug', '--python', python, '-p', `127.0.0.1:${project.port}`);
  await untilServed(project.port);
  return [
    async () => ({ [`${python} none`]: await measured(lab, project) }),
    async () => ({ [`${python} elsewhere`]: await measured(lab, project, ELSEWHERE) }),
    async () => ({ [`${python} beside`]: await measured(lab, project, BESIDE) }),
  ];
}

async function measured(lab: Lab, project: Project, place?: string): Promise<number> {
  await lab.wsgiDev(project, 'break', '--clear');
  if (place !== undefined) await lab.wsgiDev(project, 'break', place);
  // A change holds from the next request on.
  await untilServed(project.port);
  return requestsPerSecond(project.port, lab.env, LOAD);
}
