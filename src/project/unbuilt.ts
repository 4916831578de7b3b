import { EngineFault, faultKind } from '../engine/fault.ts';
import { ExitCode } from '../errors.ts';
import { type TroubleContext, troubleIn } from '../plan/trouble.ts';

/** A failed build's fault with the reason and the remedy that its output tells; else `error` as it is. */
export function explained(error: unknown, lines: readonly string[], context: TroubleContext): unknown {
  if (faultKind(error) !== 'build' || !(error instanceof Error)) return error;
  const trouble = troubleIn(lines, context);
  if (trouble === undefined) return error;
  return new EngineFault('build', `${error.message}\n${trouble.reason}`, {
    code: ExitCode.build,
    hint: trouble.remedy,
    cause: error,
  });
}
