import type { DebuggerName } from './config.ts';
import type { Layer } from './layer.ts';
import { defaultPython, listed, type Parsed } from './parsers.ts';
import { didYouMean, type Problem } from './problems.ts';

/** Every debugger, with the oldest and the newest Python (3.MINOR) that it was tried with; pdb comes with each. */
const PYTHONS: Readonly<Record<DebuggerName, readonly [oldest: number, newest: number]>> = {
  pdb: [0, Number.POSITIVE_INFINITY],
  ipdb: [9, 14],
  pudb: [9, 14],
};

const names = Object.keys(PYTHONS) as readonly DebuggerName[];

/** The name of a debugger. */
export function parseDebugger(text: string): Parsed<DebuggerName> {
  const name = names.find((one) => one === text);
  if (name !== undefined) return { value: name };
  return { fault: `"${text}" is no debugger that wsgi-dev knows; choose ${listed(names)}${didYouMean(text, names)}` };
}

/** A debugger that can't be had for the Python: said before anything is built. */
export function debuggerProblems({ debugger: chosen, python }: Layer): readonly Problem[] {
  if (chosen === undefined) return [];
  const { value, where } = python ?? { value: defaultPython, where: 'the default' };
  const [oldest, newest] = PYTHONS[chosen.value];
  const minor = Number(value.split('.')[1]);
  if (minor >= oldest && minor <= newest) return [];
  const message = `${chosen.value} can't be had for Python ${value} (${where}); it needs one from 3.${oldest} to 3.${newest}`;
  return [{ where: chosen.where, message }];
}
