import { ExitCode, Fault } from '../../errors.ts';
import { type CliPlace, composeCli } from './cli.ts';
import { checkVersion } from './version.ts';

/** The first version that knows the tag !override, by which the service's own ports give way. */
const OVERRIDES = [2, 24, 4] as const;

/** A Fault where `docker compose config` refuses `content` over the project's files (2), or is too old for it (3). */
export async function validateOverlay(place: CliPlace, content: string, name: string): Promise<void> {
  const cli = composeCli({ ...place, files: [...place.files, '-'] });
  const [version, { code, stderr }] = await Promise.all([
    cli.run(['version', '--short']),
    cli.run(['--profile', '*', 'config', '--quiet'], { input: content }),
  ]);
  checkVersion(version.stdout, OVERRIDES, name);
  if (code === 0) return;
  throw new Fault(`docker compose refuses ${name}: nothing was written\n${stderr.trimEnd()}`, {
    code: ExitCode.usage,
    hint: 'Mend what it names in the file that is there, or move that away.',
  });
}
