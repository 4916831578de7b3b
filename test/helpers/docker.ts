import Docker from 'dockerode';

/** The engine as the tests see it: beside the product, not through it. */
export const docker = new Docker();

const LABEL = 'dev.wsgi-dev';

/** The containers of the project in `directory`, running or not, by the labels that wsgi-dev gives them. */
export async function containersOf(name: string, directory: string): Promise<readonly Docker.ContainerInfo[]> {
  const label = [`${LABEL}.project=${name}`, `${LABEL}.working-dir=${directory}`];
  return await docker.listContainers({ all: true, filters: { label } });
}

/** The tags of a project's images. */
export async function imagesOf(name: string): Promise<readonly string[]> {
  // Those with the source in them too.
  const images = await docker.listImages({ filters: { reference: [`wsgi-dev/${name}`, `wsgi-dev/${name}-source`] } });
  return images.flatMap(({ RepoTags }) => RepoTags ?? []);
}

/** Removes what a project has left on the engine. The layers below stay: they are the next test's cache. */
export async function removeAllOf(name: string, directory: string): Promise<void> {
  const containers = await containersOf(name, directory);
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  await removeImagesOf(name);
}

/** What a command prints inside a running container, as the container's user unless `user` says otherwise. */
export async function inContainer(id: string, command: readonly string[], user?: string): Promise<string> {
  const exec = await docker.getContainer(id).exec({
    Cmd: [...command],
    AttachStdout: true,
    AttachStderr: true,
    ...(user !== undefined && { User: user }),
  });
  const stream = await exec.start({});
  const chunks: Buffer[] = [];
  const keep = { write: (chunk: Buffer) => chunks.push(chunk) };
  docker.modem.demuxStream(stream, keep as unknown as NodeJS.WritableStream, keep as unknown as NodeJS.WritableStream);
  await new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
  return Buffer.concat(chunks).toString();
}

/** The names of containers, running or not, that hold `part`. */
export async function containersNamed(part: string): Promise<readonly string[]> {
  const containers = await docker.listContainers({ all: true, filters: { name: [part] } });
  return containers.flatMap(({ Names }) => Names);
}

/** The names of a project's networks. */
export async function networksOf(project: string): Promise<readonly string[]> {
  const networks = await docker.listNetworks({ filters: { label: [`${LABEL}.project=${project}`] } });
  return networks.map(({ Name }) => Name);
}

/** Removes a project's images; the layers below stay. */
export async function removeImagesOf(name: string): Promise<void> {
  const tags = await imagesOf(name);
  await Promise.all(tags.map((tag) => docker.getImage(tag).remove({ force: true, noprune: true })));
}
