import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { launchHint } from '../../src/project/launch.ts';
import { configOf } from '../plan/config.ts';

function project(launch?: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-launch-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  if (launch !== undefined) {
    mkdirSync(join(directory, '.vscode'));
    writeFileSync(join(directory, '.vscode/launch.json'), launch);
  }
  return directory;
}

const hint = (directory: string, root = directory, port = 5678): string =>
  launchHint({ directory, root, debug: configOf().debug }, port).join('\n');
const launchOf = (directory: string): string => readFileSync(join(directory, '.vscode/launch.json'), 'utf8');

test('where there is none it is written, with the root mapped', () => {
  const directory = project();
  expect(hint(directory, join(directory, 'src'))).toBe(
    'Wrote .vscode/launch.json: start "wsgi-dev: attach" in VS Code',
  );
  const written = launchOf(directory);
  expect(written).toContain(`"localRoot": "\${workspaceFolder}/src"`);
  expect(JSON.parse(written.replace(/^\s*\/\/.*$/gm, ''))).toMatchObject({ version: '0.2.0' });
  expect(hint(directory, join(directory, 'src'))).toMatch(/has it/);
  expect(launchOf(directory)).toBe(written);
});

const OTHERS = '{\n  // mine\n  "configurations": [\n    {"name": "tests"}\n  ]\n}\n';

test('one that is there gets it, once, and keeps what else it has', () => {
  const directory = project(OTHERS);
  chmodSync(join(directory, '.vscode/launch.json'), 0o600);
  expect(hint(directory)).toBe('Added "wsgi-dev: attach" to .vscode/launch.json: start it in VS Code');
  const merged = launchOf(directory);
  expect(merged).toMatch(/^\{\n {2}\/\/ mine\n {2}"configurations": \[\n {4}\{"name": "tests"\},\n {4}\{\n/);
  expect(merged).toContain(`"localRoot": "\${workspaceFolder}"`);
  expect(statSync(join(directory, '.vscode/launch.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(directory, '.vscode'))).toEqual(['launch.json']);
  expect(hint(directory)).toBe('.vscode/launch.json has it: start "wsgi-dev: attach" in VS Code');
  expect(launchOf(directory)).toBe(merged);
  expect(hint(directory, directory, 5680)).toBe(
    'Updated "wsgi-dev: attach" in .vscode/launch.json: start it in VS Code',
  );
  expect(launchOf(directory)).toBe(merged.replace('5678', '5680'));
});

test('a link to it stays one', () => {
  const directory = project(OTHERS);
  const file = join(directory, '.vscode/launch.json');
  renameSync(file, join(directory, 'kept.json'));
  symlinkSync('../kept.json', file);
  expect(hint(directory)).toMatch(/^Added/);
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(directory, 'kept.json'), 'utf8')).toContain('wsgi-dev: attach');
});

test.each([
  ['no JSON', '{"configurations": ['],
  ['nothing', ''],
])('one that holds %s is left alone, and what to add is told', (_name, text) => {
  const directory = project(text);
  expect(hint(directory)).toMatch(/^Add this to "configurations"[\s\S]*"remoteRoot": "\/app"[\s\S]*\}$/);
  expect(launchOf(directory)).toBe(text);
});

test('where nothing can be written, what to add is told', () => {
  const directory = project();
  writeFileSync(join(directory, '.vscode'), 'a file');
  expect(hint(directory)).toMatch(/^Add this/);
  expect(existsSync(join(directory, '.vscode/launch.json'))).toBe(false);
});
