import { normalizer } from '../scenario/result/normalize.ts';
import type { NormalizeRule, Recording } from '../scenario/result/result.ts';
import { plainText } from '../session/piped.ts';
import { printable } from './text.ts';

/** transcript.txt: what the terminal showed as plain lines, made equal by the rules. */
export function transcript({ output }: Pick<Recording, 'output'>, rules: readonly NormalizeRule[]): string {
  const all = output.map(({ text }) => text).join('');
  const normal = normalizer(rules)(printable(plainText()(Buffer.from(all))));
  return normal === '' || normal.endsWith('\n') ? normal : `${normal}\n`;
}
