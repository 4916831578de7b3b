import type { Row } from '../config/shown.ts';
import { MASKED, proxyWithoutPassword, withoutPasswords } from '../passwords.ts';
import { isSecretName } from '../scenario/record/mask.ts';

/** Where the comment begins: no value holds it. */
const MARK = '\u0001';

/** What holds, as text: YAML with who said it behind each value, or JSON with `{value, from}` for each. */
export async function printed(rows: readonly Row[], format: 'yaml' | 'json'): Promise<string> {
  const shown = rows.map(masked);
  return format === 'json' ? json(shown) : await yaml(shown);
}

/** The value of a variable whose name tells of a secret isn't printed, nor the password of any URL. */
function masked({ path, value, from }: Row): Row {
  const [first, name] = path;
  const variable = first === 'env' ? String(name) : '';
  const shown = isSecretName(variable) ? MASKED : unsecret(value, /_proxy$/i.test(variable));
  return { path, value: shown, from: withoutPasswords(from) };
}

function unsecret(value: unknown, isProxy: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => unsecret(one, isProxy));
  if (typeof value !== 'string') return value;
  return isProxy ? proxyWithoutPassword(value) : withoutPasswords(value);
}

/** An object with the keys of wsgi-dev.yaml, each value as `{value, from}`. */
function json(rows: readonly Row[]): string {
  const tree: Record<string, unknown> = {};
  for (const { path, value, from } of rows) {
    const inner = path.slice(0, -1).reduce<Record<string, unknown>>((node, part) => {
      node[part] ??= {};
      return node[part] as Record<string, unknown>;
    }, tree);
    inner[String(path.at(-1))] = { value, from };
  }
  return JSON.stringify(tree, null, 2);
}

/** YAML, with who said it behind each value. */
async function yaml(rows: readonly Row[]): Promise<string> {
  const { Document, Scalar, YAMLSeq } = await import('yaml');
  const document = new Document({});
  for (const { path, value, from } of rows) {
    const node = document.createNode(value);
    if (node instanceof YAMLSeq) node.flow = true;
    if (node instanceof Scalar || node instanceof YAMLSeq) node.comment = `${MARK}${from}`;
    document.setIn(path, node);
  }
  const lines = document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd().split('\n');
  const width = Math.min(40, Math.max(...lines.map((line) => (line.includes(MARK) ? line.indexOf(` #${MARK}`) : 0))));
  return lines
    .map((line) => {
      const [text = '', from] = line.split(` #${MARK}`);
      return from === undefined ? line : `${text.padEnd(width)}  # ${from}`;
    })
    .join('\n');
}
