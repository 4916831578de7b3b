import type { Environment } from './flags.ts';

/** The text with its variables filled in, and the names that were used but are unset. */
export interface Interpolated {
  readonly text: string;
  readonly unset: readonly string[];
}

/**
 * Fills in $VAR, ${VAR}, ${VAR:-default}, ${VAR-default}, ${VAR:?message}, ${VAR?message}, ${VAR:+other} and
 * ${VAR+other} as docker compose does; $$ is a dollar sign. Defaults may hold variables. An unset variable is blank.
 */
export function interpolate(text: string, env: Environment): Interpolated | { readonly fault: string } {
  let result = '';
  const unset: string[] = [];
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf('$', at);
    if (dollar === -1) return { text: result + text.slice(at), unset };
    result += text.slice(at, dollar);
    if (text[dollar + 1] === '$') {
      result += '$';
      at = dollar + 2;
      continue;
    }
    const expression = expressionAt(text, dollar);
    if (expression === undefined) {
      return { fault: `invalid interpolation "${text.slice(dollar, dollar + 20)}"; write $$ for a dollar sign` };
    }
    const filled = evaluate(expression, env);
    if ('fault' in filled) return filled;
    result += filled.text;
    unset.push(...filled.unset);
    at = expression.end;
  }
  return { text: result, unset };
}

interface Expression {
  readonly name: string;
  readonly operator: string | undefined;
  readonly operand: string;
  readonly end: number;
}

function expressionAt(text: string, dollar: number): Expression | undefined {
  const bare = /^\$([A-Za-z_]\w*)/.exec(text.slice(dollar));
  if (bare !== null) return { name: bare[1] ?? '', operator: undefined, operand: '', end: dollar + bare[0].length };
  const end = closingBrace(text, dollar);
  if (end === undefined) return undefined;
  const inner = /^([A-Za-z_]\w*)(?:(:?[-?+])(.*))?$/s.exec(text.slice(dollar + 2, end));
  if (inner === null) return undefined;
  return { name: inner[1] ?? '', operator: inner[2], operand: inner[3] ?? '', end: end + 1 };
}

function closingBrace(text: string, dollar: number): number | undefined {
  if (text[dollar + 1] !== '{') return undefined;
  let depth = 0;
  for (let at = dollar; at < text.length; at++) {
    if (text[at] === '$' && text[at + 1] === '{') depth++;
    if (text[at] === '}' && --depth === 0) return at;
  }
  return undefined;
}

function evaluate(
  { name, operator, operand }: Expression,
  env: Environment,
): Interpolated | { readonly fault: string } {
  const value = env[name];
  if (operator === undefined) return { text: value ?? '', unset: value === undefined ? [name] : [] };
  const given = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  if (operator.endsWith('+')) return given ? interpolate(operand, env) : { text: '', unset: [] };
  if (given) return { text: value ?? '', unset: [] };
  const other = interpolate(operand, env);
  if (operator.endsWith('-') || 'fault' in other) return other;
  return { fault: `the variable ${name} must be set${other.text === '' ? '' : `: ${other.text}`}` };
}
