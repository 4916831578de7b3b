import type { Context } from './context.ts';

/** Says what the runner measured, once it has ended and nobody read its terminal; nothing where nothing was asked for. */
export async function tellReports(out: Context['out'], directory: string): Promise<void> {
  const [{ readReports }, { stateDirectory }] = await Promise.all([
    import('../project/measures.ts'),
    import('../project/state.ts'),
  ]);
  const reports = await readReports(stateDirectory(directory));
  for (const line of reports.split('\n').filter((text) => text !== '')) out.info(line);
}
