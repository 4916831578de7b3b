/** The Pythons that are built and debugged, oldest first. */
export const pythons = ['3.9', '3.11', '3.13', '3.14'] as const;
export type Python = (typeof pythons)[number];

/** WSGI_DEV_MATRIX=1, as .ci/run has it: what is tested runs on every Python. */
export const matrix = (process.env.WSGI_DEV_MATRIX ?? '') !== '';

/** Before sys.monitoring, which is there since Python 3.12, a trace function looks for breakpoints. */
export const traces = (python: Python): boolean => python === '3.9' || python === '3.11';

/** The Pythons to test on: those that always are, first, and the others where all are asked for. */
export function testedOn(...always: readonly Python[]): readonly Python[] {
  return matrix ? [...always, ...pythons.filter((python) => !always.includes(python))] : always;
}
