import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package that no index has, with the module NAME that says "in-house"; made in `directory`. */
export function makeWheel(directory: string, name = 'inhouse'): { readonly file: string; readonly content: Buffer } {
  const file = `${name}-1.0-py3-none-any.whl`;
  const path = join(directory, file);
  const script = `
import sys, zipfile
path, name = sys.argv[1:]
with zipfile.ZipFile(path, "w") as wheel:
    wheel.writestr(f"{name}.py", "NAME = 'in-house'\\n")
    wheel.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n")
    wheel.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{name}-1.0.dist-info/RECORD", "")
`;
  const { status, stderr } = spawnSync('python3', ['-c', script, path, name], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { file, content: readFileSync(path) };
}
