import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { matrix, testedOn } from '../helpers/pythons.ts';
import { useProject } from '../helpers/session-project.ts';
import { frameworks, requirements } from './debugger-matrix/frameworks.ts';
import type { Plain, Stage } from './debugger-matrix/kind.ts';
import { kinds } from './debugger-matrix/kinds.ts';
import { APPS } from './debugger-matrix/places.ts';
import { plainAnswers } from './debugger-matrix/plain.ts';
import { document, documentedTables, noFindings, save, tablesOf } from './debugger-matrix/report.ts';
import { enter } from './debugger-matrix/stage.ts';

// Every framework × every stop kind on Python 3.11, and with WSGI_DEV_MATRIX=1 on the others too; then the tables in
// docs/debugger.md have to be what was found. WSGI_DEV_MATRIX=write (`make matrix`) writes them.
const found = noFindings();

describe.each(testedOn('3.11'))('Python %s', (python) => {
  const project = useProject();

  beforeAll(async () => {
    for (const file of readdirSync(APPS)) project.write(file, readFileSync(join(APPS, file), 'utf8'));
    project.write('requirements.txt', requirements(python));
    project.write('wsgi-dev.yaml', `name: ${project.name}\npython: "${python}"\n`);
    await project.build();
  });

  describe.each(frameworks)('$name', (framework) => {
    let plain: ReadonlyMap<string, Plain>;
    let stage: Stage | undefined;

    beforeAll(async () => {
      plain = await plainAnswers(project, python, framework);
      if (framework.release !== undefined) {
        const print = `import importlib.metadata as m; print(m.version("${framework.release.package}"))`;
        const { stdout } = await project.run(['exec', 'python', '-c', print]);
        found.versions[framework.name] = { ...found.versions[framework.name], [python]: stdout.trim() };
      }
    });
    afterAll(() => project.clear());

    test.each(kinds.filter(({ absent }) => !absent?.includes(framework.name)))('$title', async (kind) => {
      // What stands at a prompt where it shouldn't is nothing for the next test to go on with.
      onTestFailed(() => {
        project.clear();
        stage = undefined;
      });
      stage ??= await enter(project, python, framework);
      await kind.drive(stage, kind, plain.get(kind.id));
      found.cells[framework.name]?.[kind.id]?.push(python);
    });
  });
});

afterAll(() => save(found));

test.runIf(matrix)('docs/debugger.md has the tables of this run', () => {
  if (process.env.WSGI_DEV_MATRIX === 'write') document(tablesOf(found));
  expect(documentedTables()).toBe(tablesOf(found));
});
