/** What became of one scenario: result.json, and what every report is drawn from. */
export interface ScenarioResult {
  readonly schema: 1;
  readonly name: string;
  /** POSIX path relative to the project's directory. */
  readonly file: string;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  /** The row of `each` that this run is of, as written. */
  readonly each: Readonly<Record<string, unknown>> | undefined;
  readonly outcome: Outcome;
  /** Why it was skipped. */
  readonly skipped: string | undefined;
  /** What ended it, if it failed. */
  readonly failure: Failure | undefined;
  readonly steps: readonly StepResult[];
  readonly stops: readonly StopResult[];
  readonly requests: readonly RequestResult[];
  /** The runner's events in their order, without times and the fields that differ from run to run. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** What was made equal before anything was compared or written. */
  readonly normalized: readonly NormalizeRule[];
  /** All that differs between two runs of the same; the rest is equal byte for byte. */
  readonly timings: Timings;
}

export type Outcome = 'passed' | 'failed' | 'skipped';

export interface Failure {
  /** stop: one that no step waits for. time: a limit passed. */
  readonly kind: 'expectation' | 'stop' | 'crash' | 'exit' | 'time' | 'request' | 'command' | 'start' | 'hook';
  /** One line or a few, complete for a person. */
  readonly message: string;
  /** The step of the scenario that it happened in; undefined before the first. */
  readonly step: number | undefined;
  /** In the scenario file, from 1. */
  readonly line: number | undefined;
  /** Where the application stood: FILE:LINE relative to the project. */
  readonly at: { readonly file: string; readonly line: number } | undefined;
  readonly source: readonly SourceLine[];
  /** The last lines that the terminal showed. */
  readonly lastSeen: string;
}

export interface StepResult {
  /** From 1. */
  readonly number: number;
  readonly kind: 'request' | 'stop' | 'commands' | 'resume' | 'interrupt' | 'response' | 'run';
  /** The step in a line, for people. */
  readonly title: string;
  /** In the scenario file, from 1. */
  readonly line: number;
  /** passed, failed, or never reached. */
  readonly outcome: Outcome;
  readonly checks: readonly Check[];
}

/** One comparison: of a stop's place, a command's output, a status… */
export interface Check {
  readonly what: string;
  readonly passed: boolean;
  /** The expectation as written; undefined where any output is right. */
  readonly expected: string | undefined;
  readonly actual: string;
}

export interface StopResult {
  /** From 1, as the events count. */
  readonly number: number;
  readonly step: number | undefined;
  readonly reason: string;
  readonly file: string;
  readonly line: number;
  readonly function: string;
  /** The number in `requests`; undefined outside of a request. */
  readonly request: number | undefined;
  /** The exception's headline at a post-mortem stop. */
  readonly exception: string | undefined;
  readonly source: readonly SourceLine[];
  readonly locals: readonly { readonly name: string; readonly value: string }[];
  readonly commands: readonly { readonly line: string; readonly output: string }[];
}

export interface SourceLine {
  readonly line: number;
  readonly text: string;
  /** The line that it stopped at. */
  readonly current: boolean;
}

export interface RequestResult {
  /** From 1, in the order sent. */
  readonly number: number;
  readonly name: string | undefined;
  readonly method: string;
  readonly path: string;
  /** undefined: no response came. */
  readonly status: number | undefined;
  readonly bytes: number | undefined;
}

export interface NormalizeRule {
  readonly pattern: string;
  readonly with: string;
  readonly why: string;
}

export interface Timings {
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly totalMs: number;
  /** Of each step and each request, by their order. */
  readonly stepsMs: readonly number[];
  readonly requestsMs: readonly (number | undefined)[];
}

/** What a run leaves besides its result. */
export interface Recording {
  readonly columns: number;
  readonly rows: number;
  /** What the terminal showed: seconds since the start, and the text with its escape sequences. */
  readonly output: readonly { readonly at: number; readonly text: string }[];
}

/** environment.json: what the run ran on. */
export interface EnvironmentReport {
  readonly schema: 1;
  readonly wsgiDev: string;
  readonly image: { readonly tag: string; readonly id: string };
  readonly engine: {
    readonly version: string;
    readonly apiVersion: string;
    readonly os: string;
    readonly arch: string;
  };
  /** Versions by name: python, apache, mod_wsgi. */
  readonly versions: Readonly<Record<string, string>>;
  /** "name==version" and "name=version", sorted. */
  readonly packages: { readonly pip: readonly string[]; readonly apt: readonly string[] };
  /** The lock file's SHA-256; undefined without one. */
  readonly lock: string | undefined;
  /** Names only: values may be secrets. */
  readonly env: readonly string[];
}
