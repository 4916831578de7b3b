/** Why an image could not be built, for people. */
export interface Trouble {
  /** "psycopg2 could not be installed: its build needs pg_config" */
  readonly reason: string;
  readonly remedy: string;
}

/** What of a build's output matches first. */
export function find(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return undefined;
}
