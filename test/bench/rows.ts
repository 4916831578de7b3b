import type { Bench, RowPlan, Sample } from './bench.ts';

/** A judged line of the table, all texts. */
export interface Row {
  readonly title: string;
  readonly value: string;
  readonly peer: string;
  readonly ratio: string;
  readonly goal: string;
  readonly verdict: string;
  readonly failed: boolean;
}

/** How often the samples are drawn anew for the spread of a percentile's ratio. */
const DRAWS = 400;

/** The line for what was measured. */
export function judge(plan: RowPlan, samples: readonly Sample[]): Row {
  const values = column(samples, plan.value);
  const { over, unit } = plan;
  const peers = over === undefined ? undefined : column(samples, over);
  const ratios = peers && (plan.statistic === 'p99' ? ratiosOfP99(values, peers) : pairedRatios(values, peers));
  const judged = ratios === undefined ? median(values) : ratios.middle;
  const shown = plan.statistic === 'p99' ? p99Of : spreadOf;
  return {
    title: plan.title,
    value: shown(values, unit),
    peer: peers === undefined ? '' : shown(peers, unit),
    ratio:
      ratios === undefined ? '' : `${ratios.middle.toFixed(2)} (${ratios.low.toFixed(2)}..${ratios.high.toFixed(2)})`,
    goal: goalOf(plan),
    verdict: plan.goal === undefined ? '' : meets(plan.goal, judged) ? 'met' : 'MISSED',
    failed: false,
  };
}

export function skippedRows(bench: Bench, missing: string): readonly Row[] {
  return bench.rows.map((plan) => emptyRow(plan, `skipped: ${missing}`, false));
}

export function failedRows(bench: Bench, error: unknown): readonly Row[] {
  const message = error instanceof Error ? error.message : String(error);
  return bench.rows.map((plan) => emptyRow(plan, `FAILED: ${message.split('\n')[0]}`, true));
}

function emptyRow(plan: RowPlan, verdict: string, failed: boolean): Row {
  return { title: plan.title, value: '', peer: '', ratio: '', goal: goalOf(plan), verdict, failed };
}

function column(samples: readonly Sample[], name: string): readonly number[] {
  return samples.map((sample) => {
    const value = sample[name];
    if (value === undefined) throw new Error(`no sample of ${name}`);
    return value;
  });
}

interface Ratios {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

function pairedRatios(values: readonly number[], peers: readonly number[]): Ratios {
  const ratios = values.map((value, index) => value / (peers[index] ?? Number.NaN));
  return { low: percentile(ratios, 10), middle: median(ratios), high: percentile(ratios, 90) };
}

function ratiosOfP99(values: readonly number[], peers: readonly number[]): Ratios {
  const drawn = Array.from({ length: DRAWS }, () => percentile(draw(values), 99) / percentile(draw(peers), 99));
  return {
    low: percentile(drawn, 10),
    middle: percentile(values, 99) / percentile(peers, 99),
    high: percentile(drawn, 90),
  };
}

/** As many of `values`, by chance and with repetition. */
function draw(values: readonly number[]): readonly number[] {
  return values.map(() => values[Math.floor(Math.random() * values.length)] ?? 0);
}

function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Between neighbours where it falls between two. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

function spreadOf(values: readonly number[], unit: string): string {
  const [middle, low, high] = [median(values), percentile(values, 10), percentile(values, 90)];
  return `${figure(middle)} ${unit} (${figure(low)}..${figure(high)})`;
}

function p99Of(values: readonly number[], unit: string): string {
  return `${figure(percentile(values, 99))} ${unit}`;
}

function figure(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(2) : Math.abs(value) < 100 ? value.toFixed(1) : value.toFixed(0);
}

function goalOf({ goal, over, unit }: RowPlan): string {
  if (goal === undefined) return '';
  const limit = 'most' in goal ? `≤ ${goal.most}` : `≥ ${goal.least}`;
  return over === undefined ? `${limit} ${unit}` : limit;
}

function meets(goal: NonNullable<RowPlan['goal']>, judged: number): boolean {
  return 'most' in goal ? judged <= goal.most : judged >= goal.least;
}
