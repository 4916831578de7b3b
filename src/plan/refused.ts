import { withoutPasswords } from '../passwords.ts';
import { find, type Trouble } from './reason.ts';

/** An index wants to know who asks. */
export function refused(lines: readonly string[]): Trouble | undefined {
  // pip goes on where another index has what is asked for, and may fail at something else; uv breaks its lines.
  const pip = find(lines, /No matching distribution found|HTTP error 401/) !== undefined;
  const uv = find(lines, /\(401 Unauthorized\)/);
  const index =
    (pip && find(lines, /401 Error, Credentials not correct for (\S+)/)?.[1]) ||
    (uv && find(lines, /An index URL \((\S+)\)/)?.[1]);
  if (!index) return undefined;
  return {
    reason: `The index at ${hostOf(index)} wants a name and a password, and takes none that it was given (401 Unauthorized)`,
    remedy: 'Check the name and the password in the URL of that index.',
  };
}

/** Without what else stands in a URL, as that may be a secret. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : withoutPasswords(url);
}

/** No index has a package of that name, or none that pip listens to, or none that answers. */
export function unheard(wanted: string, lines: readonly string[]): Trouble {
  const failed = `${wanted} could not be installed`;
  const insecure = find(lines, /repository located at (\S+) is not a trusted or secure host and is being ignored/)?.[1];
  if (insecure !== undefined) {
    return {
      reason: `${failed}: pip ignores the index at ${insecure}, which is asked without TLS`,
      remedy: `Write https:// in its URL, or add a line to the requirements: --trusted-host ${insecure}`,
    };
  }
  // pip says no more of an index that answers 403 or 503, and tells which it looked in if there are others than PyPI.
  const own = lines.some((line) => /^Looking in indexes: /.test(line));
  return {
    reason: `${failed}: the index has no package of that name${own ? ', or has refused to answer' : ''}`,
    remedy: own
      ? 'Check the name, and --index-url in the requirements: does that index answer, and may you read it?'
      : 'Check the name, and --index-url in the requirements if it comes from an index of your own.',
  };
}
