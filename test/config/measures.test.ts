import { expect, test } from 'vitest';
import { measureProblems, measures } from '../../src/config/measures.ts';

test.each([
  [{}, undefined, undefined],
  [{ enableCoverage: true }, '/shop/.wsgi-dev/coverage', undefined],
  [{ enableProfiler: true }, undefined, '/shop/.wsgi-dev/profile'],
  [{ enableCoverage: true, coverageDirectory: '../lines' }, '/home/lines', undefined],
  [{ enableProfiler: true, profilerDirectory: '/tmp/times' }, undefined, '/tmp/times'],
])('%j', (flags, coverage, profiler) => {
  expect(measures(flags, '/shop', '/home/me')).toEqual({ coverage, profiler, recorder: undefined });
});

test.each([
  [{ enableCoverage: true }, ['--enable-coverage', 'needs debug mode: add --debug']],
  [{ enableProfiler: true }, ['--enable-profiler', 'needs debug mode: add --debug']],
  [{ enableRecorder: true }, ['--enable-recorder', 'needs debug mode: add --debug']],
  [{ debug: true, coverageDirectory: 'x' }, ['--coverage-directory x', 'has no effect without --enable-coverage']],
  [
    { debug: true, enableProfiler: true, profilerDirectory: 'passwd' },
    ['--profiler-directory passwd', 'passwd is no directory'],
  ],
])('%j is refused', (flags, [where, message]) => {
  expect(measureProblems(flags, '/etc')).toEqual([{ where, message }]);
});

test('requests and responses, where they are asked for', () => {
  expect(measures({ enableRecorder: true }, '/shop', '/home/me').recorder).toBe('/shop/.wsgi-dev/recorder');
});

test('both in debug mode are fine', () => {
  expect(measureProblems({ debug: true, enableCoverage: true, enableProfiler: true }, '/etc')).toEqual([]);
});
