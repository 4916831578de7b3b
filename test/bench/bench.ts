import type { Lab } from './lab.ts';

/** What one round measured, by name: milliseconds unless a row says otherwise. */
export type Sample = Readonly<Record<string, number>>;

/** One line of the table: a measured thing, alone or over its peer of the same round. */
export interface RowPlan {
  readonly title: string;
  /** The name in the samples. */
  readonly value: string;
  /** The peer's name in the samples; without, the value itself is judged. */
  readonly over?: string;
  readonly unit: 'ms' | 'µs' | 'MB' | 'MB/s' | 'req/s';
  /** `paired` (default): the median of the ratios by round. `p99`: the ratio of the 99th percentiles of all samples. */
  readonly statistic?: 'paired' | 'p99';
  /** Nothing to reach: a figure to know. */
  readonly goal?: { readonly most: number } | { readonly least: number };
}

export interface Bench {
  readonly name: string;
  /** For the usage. */
  readonly about: string;
  /** Unless --rounds says otherwise. */
  readonly rounds: number;
  readonly rows: readonly RowPlan[];
  /** What this machine lacks to measure it, and how to get it. */
  missing?(): string | undefined;
  run(lab: Lab, rounds: number): Promise<readonly Sample[]>;
}

/** Runs each of `steps` once a round, every other round in the reverse order: what drifts meets them all alike. */
export async function roundRobin(
  rounds: number,
  steps: readonly (() => Promise<Sample>)[],
  warmUps = 1,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let round = -warmUps; round < rounds; round += 1) {
    const parts: Sample[] = [];
    for (const step of round % 2 === 0 ? steps : steps.toReversed()) parts.push(await step());
    if (round >= 0) samples.push(Object.assign({}, ...parts));
  }
  return samples;
}

/** Milliseconds that `act` takes. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}
