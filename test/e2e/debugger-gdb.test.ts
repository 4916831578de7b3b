import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCli } from '../helpers/cli.ts';
import { useProject } from '../helpers/session-project.ts';

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/crashes.py'), 'utf8');
const line = SOURCE.split('\n').findIndex((text) => text.endsWith('# here segmentation')) + 1;
// As docs/debugger.md has them.
const GUIDE = readFileSync(resolve(import.meta.dirname, '../../docs/debugger.md'), 'utf8');
const [, packages = ''] = /^ {4}(packages: \{apt: \[gdb.*?\]\})/m.exec(GUIDE) ?? [];
const [, command = ''] = /^ {4}wsgi-dev exec sh -c '(gdb .*)'$/m.exec(GUIDE) ?? [];
/** Where it isn't 0 the host lets no process look into another one: docs/debugger.md says so. */
const YAMA = '/proc/sys/kernel/yama/ptrace_scope';

const project = useProject();
beforeAll(async () => {
  project.write('wsgi.py', SOURCE);
  project.write('wsgi-dev.yaml', `name: ${project.name}\npython: "3.11"\n${packages}\n`);
  await project.build();
}, 600_000);
afterAll(() => project.clear());

test.skipIf(existsSync(YAMA) && readFileSync(YAMA, 'utf8').trim() !== '0')(
  'gdb waits for the request that crashes, and shows both its stacks; then the crash takes its course',
  async () => {
    const terminal = await project.up();
    const gdb = startCli(['exec', 'sh', '-c', command], { cwd: project.directory });
    // It has loaded all symbols, and lets Apache run.
    await gdb.stdoutSays(/\[Thread debugging using libthread_db enabled\][\s\S]*\n/);
    const again = project.nextReady();
    await expect(project.get('/segmentation')).rejects.toThrow();
    const { code, stdout } = await gdb.result;
    expect(code).toBe(0);
    expect(stdout).toMatch(/received signal SIGSEGV/);
    expect(stdout).toContain(`File "/app/wsgi.py", line ${line}, in segmentation\n`);
    expect(stdout).toMatch(/^#\d+ .* in _PyEval_EvalFrameDefault /m);
    await terminal.until(/SIGSEGV in \[1\] GET \/segmentation\n[\s\S]*starting it again\n/);
    await again;
    expect(await project.get('/')).toMatchObject({ status: 200 });
  },
);
