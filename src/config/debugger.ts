import type { DebugConfig, DebuggerName } from './config.ts';
import type { Layer } from './layer.ts';
import { defaultHost, defaultPython, isLoopback, listed, type Parsed } from './parsers.ts';
import { didYouMean, type Problem } from './problems.ts';

/** Every debugger, with the oldest and the newest Python (3.MINOR) that it was tried with; pdb comes with each. */
const PYTHONS: Readonly<Record<DebuggerName, readonly [oldest: number, newest: number]>> = {
  pdb: [0, Number.POSITIVE_INFINITY],
  ipdb: [9, 14],
  pudb: [9, 14],
  debugpy: [9, 14],
};

/** In the order of the documentation. */
export const debuggerNames = Object.keys(PYTHONS) as readonly DebuggerName[];

/** The name of a debugger. */
export function parseDebugger(text: string): Parsed<DebuggerName> {
  const name = debuggerNames.find((one) => one === text);
  if (name !== undefined) return { value: name };
  return {
    fault: `"${text}" is no debugger that wsgi-dev knows; choose ${listed(debuggerNames)}${didYouMean(text, debuggerNames)}`,
  };
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

/** debugpy's own port, where editors look for it; it moves to the next free one, unless it was named. */
const EDITOR_PORT = 5678;

/** Where an editor finds debugpy. */
export function editorAddress({ debuggerPort }: Layer): DebugConfig['editor'] {
  const { host, port } = debuggerPort?.value ?? { host: defaultHost, port: EDITOR_PORT };
  return { host, port, portFixed: debuggerPort !== undefined && port !== 0 };
}

/** Whoever reaches debugpy runs any code, in serve mode as soon as that is switched: loopback, or explicitly not. */
export function editorProblems({ debugger: chosen, debuggerPort }: Layer): readonly Problem[] {
  if (chosen?.value !== 'debugpy' || debuggerPort === undefined || isLoopback(debuggerPort.value.host)) return [];
  const message =
    `debugpy would be reachable from other machines on ${debuggerPort.value.host}, and lets whoever reaches it run any ` +
    'code; use 127.0.0.1, or --allow-remote-debug if that is meant';
  return [{ where: debuggerPort.where, message }];
}

/** What was said and has no effect with the chosen debugger. */
export function debuggerNotices({ debugger: chosen, debuggerPort, breaks = [] }: Layer): readonly string[] {
  const isEditor = chosen?.value === 'debugpy';
  return [
    ...(isEditor && breaks.length > 0
      ? ['Breakpoints given by --break or debug.break have no effect with debugpy: set them in the editor']
      : []),
    ...(!isEditor && debuggerPort !== undefined ? [`${debuggerPort.where} has no effect: only debugpy listens`] : []),
  ];
}
