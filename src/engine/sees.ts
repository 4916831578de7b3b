import { faultKind } from './fault.ts';
import type { Link } from './link.ts';

/** No image can have this id. */
const NO_IMAGE = `sha256:${'0'.repeat(64)}`;

/**
 * Whether the engine has `path` of this machine on its own file system. It checks what is to be mounted before it looks
 * for the image, so a container of none is asked for: either answer is a refusal, and nothing is made.
 */
export async function seesPath(link: Link, path: string): Promise<boolean> {
  try {
    await link.attempt(`look for ${path}`, () =>
      link.docker.createContainer({
        Image: NO_IMAGE,
        HostConfig: { Mounts: [{ Type: 'bind', Source: path, Target: '/seen' }] },
      }),
    );
  } catch (error) {
    const kind = faultKind(error);
    if (kind === 'no-mount-source') return false;
    if (kind !== 'no-image') throw error;
  }
  return true;
}
