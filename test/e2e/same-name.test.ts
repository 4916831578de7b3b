import { renameSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { containersNamed, docker } from '../helpers/docker.ts';
import { hello, makeProject } from '../helpers/project.ts';

// Projects that have one name: whose the container is, and what to do, also where its directory is gone.

test('the container is another project’s', async () => {
  const one = makeProject({ 'wsgi.py': hello() });
  const other = makeProject({ 'wsgi.py': hello(), 'wsgi-dev.yaml': `name: ${one.name}\n` });
  // Under the name of `one` it is no container that its own clean-up looks for.
  onTestFinished(async () => void (await other.run(['down'])));
  await one.up();
  const up = async () => {
    const { code, stderr } = await other.run(['up', '-d', '-p', '0']);
    expect(code).toBe(1);
    return stderr;
  };
  const down = `wsgi-dev down -C ${one.directory} --project-name ${one.name}`;
  const taken = `The container name ${one.name}-wsgi is taken`;
  const said = await up();
  expect(said).toContain(`${taken} by the project in ${one.directory}\n`);
  expect(said).toContain(down);
  expect((await other.run(['down'])).stderr).not.toContain('docker rm');

  const moved = `${one.directory}-moved`;
  renameSync(one.directory, moved);
  const gone = `${one.name}-wsgi is of a project in ${one.directory}, which is gone; \`docker rm -f ${one.name}-wsgi\``;
  expect(await up()).toContain(`${taken}: ${gone}`);
  expect((await other.run(['down'])).stderr).toContain(gone);
  renameSync(moved, one.directory);

  const [, ...args] = down.split(' ');
  expect(await other.run(args)).toMatchObject({ code: 0 });
  expect(await containersNamed(`${one.name}-wsgi`)).toEqual([]);
  expect(await other.run(['up', '-d', '-p', '0'])).toMatchObject({ code: 0 });
});

test('a container that was made by hand', async () => {
  const project = makeProject({ 'wsgi.py': hello() });
  const { image } = await project.up();
  await project.run(['down']);
  const made = await docker.createContainer({ Image: image, name: `${project.name}-wsgi` });
  try {
    const { code, stderr } = await project.run(['up', '-d', '-p', '0']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/taken by hand, or by another program\n.*--project-name.*docker rm -f/);
  } finally {
    await made.remove({ force: true });
  }
});
