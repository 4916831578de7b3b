import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, Fault } from '../errors.ts';
import type { Output } from '../log.ts';
import { type Installed, parseInstalled } from '../plan/installed.ts';
import type { Engine } from './engine.ts';
import type { LookRequest } from './look.ts';
import { remembered } from './remembered.ts';

/** What is installed in a project's image, looked up in a container of it, once for each image id. */
export async function readInstalled(
  engine: Engine,
  tag: string,
  { imagesDirectory, cacheDirectory }: LookRequest,
  out: Output,
): Promise<Installed> {
  const image = await engine.image(tag);
  if (image === undefined) {
    throw new Fault(`The image ${tag} is gone from the engine again`, { code: ExitCode.engine, hint: 'Run it again.' });
  }
  const script = await readFile(join(imagesDirectory, 'base/installed.sh'), 'utf8');
  const isWhole = (output: string): boolean => output.endsWith('\nend\n');
  const onRun = (): void => out.debug(`Looking into ${tag}`);
  const output = await remembered(engine, { id: image.id, script, cacheDirectory, isWhole, onRun }, out);
  if (isWhole(output)) return parseInstalled(output);
  throw new Fault(`What is installed in ${tag} can't be told`, {
    code: ExitCode.build,
    hint: 'Its own Python and dpkg are asked; with -v what they printed is shown.',
  });
}
