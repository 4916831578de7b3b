import { InvalidArgumentError } from 'commander';

/** For a repeatable option: the values so far and this one. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** A whole number of `unit`, none below 0. */
export function wholeNumber(unit: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value;
    throw new InvalidArgumentError(`It takes a whole number of ${unit}.`);
  };
}

/** Seconds, more than 0. */
export function seconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It takes a number of seconds.');
}
