/** What `docker run` options of a devcontainer come to. */
export interface RunArgs {
  readonly env: Readonly<Record<string, string>>;
  readonly hostname: string | undefined;
  readonly network: string | undefined;
  readonly notices: readonly string[];
}

/** Those without a value, so that what follows one isn't taken for its value. */
const SWITCHES = new Set(['--init', '--privileged', '--rm', '-d', '--detach', '-i', '-t', '-it', '--read-only', '-P']);
/** Harmless here, and as good as done. */
const SILENT = new Set(['--init', '-l', '--label', '--rm', '-i', '-t', '-it']);

/** Takes the safe ones of `docker run`'s options, and names the others. */
export function runArgsOf(written: unknown): RunArgs {
  const words = Array.isArray(written) ? written.map(String) : [];
  const env: Record<string, string> = {};
  const notices: string[] = [];
  let hostname: string | undefined;
  let network: string | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [option = '', joined] = word.startsWith('--') ? word.split(/=(.*)/s, 2) : [word];
    const next = words[at + 1];
    const value = joined ?? (SWITCHES.has(option) || next === undefined || next.startsWith('-') ? undefined : next);
    if (joined === undefined && value !== undefined) at += 1;
    if (['-e', '--env'].includes(option) && value?.includes('=')) {
      const [key = '', text = ''] = value.split(/=(.*)/s, 2);
      env[key] = text;
    } else if (['-h', '--hostname'].includes(option) && value !== undefined) {
      hostname = value;
    } else if (['--network', '--net'].includes(option) && value !== undefined && /^[\w][\w.-]*$/.test(value)) {
      network = value;
    } else if (!SILENT.has(option)) {
      notices.push(
        `runArgs: ${[word, ...(joined === undefined && value !== undefined ? [value] : [])].join(' ')} has no effect`,
      );
    }
  }
  return { env, hostname, network, notices };
}
