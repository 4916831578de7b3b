import { spawnSync } from 'node:child_process';

/** The first of these programs that is installed; else the Debian package is installed, as root. Call it in a hook: it may take minutes. */
export function debianProgram(names: readonly string[], packageName: string): string {
  const found = installed(names);
  if (found !== undefined) return found;
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    });
  const install = () => apt('install', '-y', '--no-install-recommends', packageName);
  // The lists may be absent or out of date: a new update is the second attempt.
  const { status, stderr } = install();
  if (status !== 0) apt('update');
  const last = status === 0 ? stderr : install().stderr;
  const now = installed(names);
  if (now === undefined)
    throw new Error(`none of ${names.join(', ')} is installed: apt-get install ${packageName}\n${last}`);
  return now;
}

function installed(names: readonly string[]): string | undefined {
  for (const name of names) {
    const { status, stdout } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  return undefined;
}
