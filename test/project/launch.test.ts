import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const hint = (directory: string, root = directory): string =>
  launchHint({ directory, root, debug: configOf().debug }, 5678).join('\n');
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

test.each([
  ['another port', '{"configurations": [{"connect": {"port": 5679}, "pathMappings": [{"remoteRoot": "/app"}]}]}'],
  ['no mapping', '{"configurations": [{"connect": {"port": 5678}}]}'],
  ['nothing', ''],
])('one with %s is left alone, and what to add is told', (_name, text) => {
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
