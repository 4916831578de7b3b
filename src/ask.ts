import { createInterface } from 'node:readline/promises';

/** Who is asked: both are a terminal. */
export interface Person {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Asks a question of yes or no; Enter is `preset`, Ctrl-D and Ctrl-C are no. */
export async function askYesNo(question: string, preset: boolean, { stdin, stderr }: Person): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await Promise.race([
      lines.question(`${question} ${preset ? '[Y/n]' : '[y/N]'} `),
      // It answers no question that it was closed over.
      new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined))),
    ]);
    if (answer === undefined) stderr.write('\n');
    return preset ? /^(y(es)?)?$/i.test(answer?.trim() ?? 'no') : /^y(es)?$/i.test(answer?.trim() ?? 'no');
  } catch {
    // Newer Nodes reject it.
    return false;
  } finally {
    lines.close();
  }
}
