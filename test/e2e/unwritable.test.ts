import { execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type CliResult, cliPath } from '../helpers/cli.ts';
import { developer, hello, makeProject } from '../helpers/project.ts';

// What can't be written or is gone is named, and is no defect of wsgi-dev.

/** `sh -c SCRIPT`, in which "$@" is wsgi-dev. */
function inShell(script: string, cwd: string): Pick<CliResult, 'code' | 'stderr'> {
  const words = ['-c', `{ ${script}; } 2>&1 || echo "code $?"`, 'sh', process.execPath, cliPath];
  const said = execFileSync('sh', words, { cwd, encoding: 'utf8' });
  const [, stderr = '', code] = /^([\s\S]*?)(?:code (\d+)\n)?$/.exec(said) ?? [];
  return { code: Number(code ?? 0), stderr };
}

describe.runIf(process.getuid?.() === 0)('a directory that is another’s', () => {
  test.each([
    [['init'], 'wsgi-dev.yaml'],
    [['ci', 'init', 'github'], '.github/workflows/wsgi-dev.yaml'],
    [['devcontainer', 'init'], '.devcontainer/devcontainer.json'],
    [['up', '-d'], '.wsgi-dev'],
  ])('%j', async (args, file) => {
    const project = makeProject({ 'wsgi.py': hello() }, { owner: 0 });
    chmodSync(project.directory, 0o755);
    const result = await project.run(args, { uid: developer, gid: developer, env: { HOME: project.directory } });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^wsgi-dev: (\S+) can't be written: .*\n.*write access/m);
    expect(result.stderr).toContain(`${project.directory}/${file} can't`);
  });

  const engine = () => ({ uid: developer, gid: statSync('/var/run/docker.sock').gid });

  test('doctor says what `up` would', async () => {
    const project = makeProject({ 'wsgi.py': hello() }, { owner: 0 });
    chmodSync(project.directory, 0o755);
    const up = await project.run(['up', '-d'], engine());
    const doctor = await project.run(['doctor'], engine());
    const [said] = up.stderr.match(/\S+\.wsgi-dev can't be written/) ?? [];
    expect(doctor).toMatchObject({ code: 1, stdout: expect.stringContaining(`FAIL project: ${said}`) });
    expect(doctor.stdout).not.toContain('mount');
  });

  test('where it can’t be read either', async () => {
    const project = makeProject({ 'wsgi.py': hello(), 'wsgi-dev.yaml': 'app: wsgi\n' }, { owner: 0 });
    chmodSync(project.directory, 0o700);
    const options = { ...engine(), cwd: '/', env: { WSGI_DEV_PROJECT_DIRECTORY: project.directory } };
    for (const command of ['config', 'up']) {
      const { code, stderr } = await project.run([command], options);
      expect(code).toBe(2);
      expect(stderr).toMatch(new RegExp(`^wsgi-dev: ${project.directory} can't be read: .*\n.*access to the project`));
    }
    const doctor = await project.run(['doctor'], options);
    expect(doctor).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`FAIL project: ${project.directory} can't be read`),
    });
  });
});

test.each(['ps', 'up', 'config'])('a working directory that is gone: %s', (command) => {
  const project = makeProject({ 'gone/wsgi.py': hello() });
  const { code, stderr } = inShell(`cd gone && rm -r ../gone && "$@" ${command}`, project.directory);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^wsgi-dev: The working directory is gone\n.*cd to the project.*\n$/),
  });
});

test.each(['config', 'ps -a', '--help'])('a disk that is full: %s', (command) => {
  const project = makeProject({ 'wsgi.py': hello() });
  const { code, stderr } = inShell(`"$@" ${command} >/dev/full`, project.directory);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^wsgi-dev: stdout can't be written: ENOSPC.*\n.*not whole.*\n$/),
  });
});
