import { Lexer, Parser } from 'yaml';

// Open nodes, of which a level has one or two. Documents are composed recursively: a stack that overflows in the middle
// of that can end the process without an error to catch.
const mostOpen = 128;

/** Offset at which YAML text nests deeper than anybody means it to; undefined: nowhere. */
export function tooDeep(text: string): number | undefined {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    // What is whole is of no interest here, what is still open is.
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > mostOpen) return Math.min(parser.offset, text.length);
  }
  return undefined;
}
