import fc from 'fast-check';

/** The same files each time: a failure is one that everybody can see. */
export const seed = 7117;

/** What YAML, its readers and JavaScript take for more than it is; § stands for $. */
const ODD = [
  ...['§{HOME}', '§{a}', '§{', '§§', '(', '*a', '&a', '<<', '!t x', '~', '', '\0', '-', '0x10', '.nan', 'true'],
  ...['__proto__', 'constructor', 'toString'],
].map((one) => one.replaceAll('§', '$'));
const MARKS = [
  ...[': ', '- ', '\n', '\n  ', '[', ']', '{', '}', '"', "'", '|', '>', '#', '&a ', '*a', '!t ', '? ', '\t', '---'],
  ...['%', '\r\n', '\0', '😀'],
];

/** Files of settings: `words` are keys that they know, `texts` values that may be right. */
export function looseFiles(words: readonly string[], texts: readonly string[]) {
  const text = fc.oneof(fc.constantFrom(...texts, ...ODD), fc.string({ unit: 'binary', maxLength: 12 }));
  const scalar = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
  const key = fc.oneof({ arbitrary: fc.constantFrom(...words), weight: 6 }, text);
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 6 }, scalar, fc.array(tie('value'), { maxLength: 4 }), tie('map')),
    map: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  }));
  const pieces = fc.constantFrom(...words, ...texts, ...MARKS);
  return {
    /** A single text. */
    text,
    /** Anything that a file of YAML may say. */
    value,
    /** The text of a file, which most often is no YAML at all. */
    source: fc.array(pieces, { maxLength: 60 }).map((some) => some.join('')),
  };
}
