/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  /** note: it works, and a person should know. */
  readonly level: 'ok' | 'note' | 'fail';
  readonly found: string;
  /** What to do, where it isn't well. */
  readonly remedy?: string;
  /** What `--fix` does about it. */
  readonly fix?: Fix;
}

/** Something safe to do: nothing that a person made, or that anybody uses, is lost by it. */
export interface Fix {
  /** In the words of a question: "make the base image wsgi-dev/base:bookworm". */
  readonly what: string;
  run(): Promise<void>;
}

/** As it should be. */
export function ok(name: string, found: string): Check {
  return { name, level: 'ok', found };
}

/** Works, and is to be known. */
export function note(name: string, found: string, remedy?: string): Check {
  return { name, level: 'note', found, ...(remedy !== undefined && { remedy }) };
}

/** Doesn't work. */
export function fail(name: string, found: string, remedy: string | undefined): Check {
  return { name, level: 'fail', found, ...(remedy !== undefined && { remedy }) };
}
