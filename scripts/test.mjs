// All tests: the runner's (Python's unittest) and the client's (vitest), and one closing line that counts both.
//   node scripts/test.mjs [vitest's arguments]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-test-'));
const report = join(directory, 'vitest.json');
const tally = { passed: 0, failed: 0 };

try {
  countRunner();
  countClient();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;

function countRunner() {
  const { stderr, status } = spawnSync('python3', ['-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'], {
    cwd: join(root, 'images/runner'),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  process.stderr.write(stderr);
  const ran = Number(/^Ran (\d+) tests?/m.exec(stderr)?.[1] ?? 0);
  const broken = [...(/^FAILED \((.*)\)/m.exec(stderr)?.[1] ?? '').matchAll(/(?:failures|errors)=(\d+)/g)];
  const failed = broken.reduce((sum, [, count]) => sum + Number(count), 0);
  tally.passed += ran - failed;
  // A run that didn't get as far as counting has failed too.
  tally.failed += status === 0 || failed > 0 ? failed : 1;
}

function countClient() {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync('npx', ['vitest', 'run', ...reporters, ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  try {
    const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const failed = testResults.flatMap(failures);
    for (const line of failed) console.log(line);
    tally.passed += numPassedTests;
    tally.failed += Math.max(failed.length, status === 0 ? 0 : 1);
  } catch (error) {
    console.error(`vitest left no report: ${error.message}`);
    tally.failed += 1;
  }
}

/** A line for each failure in a file: a log's last lines are what is read first. */
function failures({ name, status, message, assertionResults }) {
  const of = (what, said) => `FAILED ${relative(root, name)}${what}: ${said.split('\n', 1)[0]}`;
  const failed = assertionResults.filter((test) => test.status === 'failed');
  const tests = failed.map((test) => of(` > ${test.fullName}`, test.failureMessages.join()));
  return status === 'failed' && message !== '' ? [of('', message), ...tests] : tests;
}
