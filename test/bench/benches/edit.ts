import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { helperSource, scriptSource } from '../application.ts';
import { type Bench, roundRobin } from '../bench.ts';
import { type Answer, untilServed } from '../http.ts';

interface Served {
  readonly script: number;
  readonly helper: number;
  /** Milliseconds that the application's own import took. */
  readonly import: number;
}

/** From the save to the first answer of the new code, in debug mode, with requests back to back. */
export const edit: Bench = {
  name: 'edit',
  about: 'from a save to the first answer of the new code',
  rounds: 20,
  rows: [
    { title: 'edited script, served after its save', value: 'script', unit: 'ms', goal: { most: 5 } },
    {
      title: "edited imported module, less the application's own import",
      value: 'helper',
      unit: 'ms',
      goal: { most: 60 },
    },
  ],
  async run(lab, rounds) {
    const project = await lab.project('bench-one');
    await lab.wsgiDev(project, 'up', '-d', '--debug', '-p', `127.0.0.1:${project.port}`);
    await untilServed(project.port);
    let version = 0;
    /** Saves `file` in a new version and asks until an answer has it. */
    const save = async (file: string, source: (version: number) => string, field: 'script' | 'helper') => {
      version += 1;
      const wanted = version;
      writeFileSync(join(project.directory, file), source(wanted));
      const begun = performance.now();
      const answer = await untilServed(project.port, (got) => got.status === 200 && served(got)[field] === wanted, 0);
      const took = performance.now() - begun;
      // An editor's next save is never this near.
      await sleep(300);
      return { took, own: served(answer).import };
    };
    return await roundRobin(rounds, [
      async () => ({ script: (await save('wsgi.py', scriptSource, 'script')).took }),
      async () => {
        const { took, own } = await save('helper.py', helperSource, 'helper');
        return { helper: took - own };
      },
    ]);
  },
};

function served({ body }: Answer): Served {
  return JSON.parse(body) as Served;
}
