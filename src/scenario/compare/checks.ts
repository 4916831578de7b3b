import type { Check } from '../result/result.ts';
import type { Expectation } from '../scenario.ts';
import { compare } from './expect.ts';

/** What the steps of a scenario compared, in order. */
export interface Checks {
  readonly made: readonly Check[];
  readonly passed: boolean;
  /** Compares with an expectation; without one, `actual` is only written down. */
  expect(what: string, expectation: Expectation | undefined, actual: string): void;
  /** Compares two texts; without the first there is nothing to say. */
  equal(what: string, expected: string | undefined, actual: string): void;
}

/** None yet. */
export function createChecks(): Checks {
  const made: Check[] = [];
  return {
    made,
    get passed() {
      return made.every(({ passed }) => passed);
    },
    expect(what, expectation, actual) {
      const compared = expectation && compare(expectation, actual);
      made.push({ what, ...(compared ?? { passed: true, expected: undefined, actual }) });
    },
    equal(what, expected, actual) {
      if (expected !== undefined) made.push({ what, passed: expected === actual, expected, actual });
    },
  };
}
