import type { PromptCommand, Step, StopStep } from '../scenario.ts';
import {
  commandFault,
  cookieFault,
  headerValueFault,
  lineFault,
  methodFault,
  parsePlace,
  statusFault,
} from '../texts.ts';

type Filled = Step | Omit<StopStep, 'commands'> | PromptCommand;

/** What is wrong with a step, or a command, once its variables are filled in; until then none of this could be told. */
export function unfit(filled: Filled): string | undefined {
  if (!('kind' in filled)) return said(filled.run, lineFault);
  switch (filled.kind) {
    case 'request':
      return (
        said(filled.method, methodFault) ??
        said(filled.path, (path) => (path.startsWith('/') ? undefined : 'a path starts with "/"')) ??
        first(filled.headers, headerValueFault) ??
        first(filled.cookies, cookieFault)
      );
    case 'stop':
      return filled.at === undefined ? undefined : said(filled.at, placeFault);
    case 'response':
      return filled.status === undefined ? undefined : said(filled.status, statusFault);
    case 'run':
      return said(filled.command, commandFault);
    default:
      return undefined;
  }
}

function placeFault(text: string): string | undefined {
  const place = parsePlace(text);
  return 'fault' in place ? place.fault : undefined;
}

function first(
  texts: Readonly<Record<string, string>>,
  check: (text: string) => string | undefined,
): string | undefined {
  return Object.values(texts)
    .map((text) => said(text, check))
    .find((fault) => fault !== undefined);
}

/** The fault, and the text that has it. */
function said(text: string, check: (text: string) => string | undefined): string | undefined {
  const fault = check(text);
  return fault === undefined ? undefined : `${JSON.stringify(text)}: ${fault}`;
}
