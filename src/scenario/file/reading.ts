import { isTextual, keepsNull } from '../../config/schema.ts';
import type { KeyPath } from '../../config/yaml.ts';

const textualKeys: readonly unknown[] = ['name', 'description', 'tags', 'normalize', 'before', 'after', 'steps'];
const typedKeys: readonly unknown[] = ['code', 'complete', 'stay', 'interrupt', 'keep_cookies'];
const jsonHolders: readonly unknown[] = ['request', 'response', 'expect', 'exception', 'body', 'not'];

/** Values read by their source text: an expected `1.10` must not become 1.1. */
export function isScenarioText(path: KeyPath): boolean {
  const [first, ...rest] = path;
  if (first === 'config') return isTextual(rest);
  if (!textualKeys.includes(first)) return false;
  // Deeper down these words are the names of fields and headers.
  const typed = path.length <= 4 && typedKeys.includes(path.at(-1));
  return !typed && !path.some((key, at) => key === 'json' && holdsJson(path, at));
}

function holdsJson(path: KeyPath, at: number): boolean {
  const [above, parent] = path.slice(at - 2, at);
  return above === 'headers' || (above !== 'save' && jsonHolders.includes(parent));
}

/** A key without a value is a fault where something would be compared or sent; at the top it is the same as no key. */
export function keepsScenarioNull(path: KeyPath): boolean {
  return path[0] === 'config' ? keepsNull(path.slice(1)) : path.length > 1;
}

/** Variables of the environment are filled in in `config` alone, as in wsgi-dev.yaml. */
export function fillsEnvironment(path: KeyPath): boolean {
  return path[0] === 'config';
}
