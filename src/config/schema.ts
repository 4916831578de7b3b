import { z } from 'zod';
import { parseImage } from './base.ts';
import type { ApacheConfig, Mount } from './config.ts';
import { parseDebugger } from './debugger.ts';
import { parseModWsgi } from './mod-wsgi.ts';
import {
  type Parser,
  parseApt,
  parseBreak,
  parseCommand,
  parseDeployed,
  parseGroup,
  parseName,
  parsePort,
  parsePython,
  parseService,
  parseUrlPath,
  parseVariable,
} from './parsers.ts';
import { parseRequestText } from './requests.ts';
import { parseTarget } from './target.ts';
import type { KeyPath } from './yaml.ts';

/** Text that one of the shared parsers reads. */
export const parsed = <T>(parse: Parser<T>) =>
  z.string().transform((text, context): T => {
    const result = parse(text);
    if ('value' in result) return result.value;
    context.addIssue({ code: 'custom', message: result.fault });
    return z.NEVER;
  });

/** A map whose keys one of the shared parsers reads; they stay as written. */
const keyed = <T extends z.ZodType>(parse: Parser<string>, value: T) => {
  const key = z.string().superRefine((text, context) => {
    const result = parse(text);
    if ('fault' in result) context.addIssue({ code: 'custom', message: result.fault });
  });
  return z.record(key, value);
};

/** Looks a written path up and gives it absolute, or says what is wrong; so that all faults come from one pass. */
export interface PathChecks {
  readonly root: Parser<string>;
  readonly file: Parser<string>;
  /** A file of packages.pip. */
  readonly packages: Parser<string>;
  readonly directory: Parser<string>;
  /** An entry of ca_certificates. */
  readonly authority: Parser<string>;
  readonly mount: Parser<Mount>;
  readonly apacheConfig: Parser<ApacheConfig>;
}

/** wsgi-dev.yaml: the one description of its keys, for types, validation and the JSON Schema. */
export function fileSchema(check: PathChecks) {
  const server = z.strictObject({
    mod_wsgi: parsed(parseModWsgi).optional(),
    apache_config: parsed(check.apacheConfig).optional(),
    port: parsed(parsePort)
      .meta({ type: ['string', 'integer'] })
      .optional(),
    mount: parsed(parseUrlPath).optional(),
    paths: keyed(parseDeployed, parsed(check.directory)).optional(),
    static: keyed(parseUrlPath, parsed(check.directory)).optional(),
  });
  const packages = z.strictObject({
    pip: z.array(parsed(check.packages)).optional(),
    groups: z.array(parsed(parseGroup)).optional(),
    extras: z.array(parsed(parseGroup)).optional(),
    apt: z.array(parsed(parseApt)).optional(),
  });
  const debug = z.strictObject({
    debugger: parsed(parseDebugger).optional(),
    debugger_port: parsed(parsePort)
      .meta({ type: ['string', 'integer'] })
      .optional(),
    break: z.array(parsed(parseBreak)).optional(),
    break_at_start: z.boolean().optional(),
    notify: z.boolean().optional(),
    post_mortem: z.boolean().optional(),
    compare: z.boolean().optional(),
  });
  const compose = z.strictObject({
    file: z.union([parsed(check.file), z.array(parsed(check.file))]).optional(),
    service: parsed(parseService).optional(),
  });
  return z.strictObject({
    name: parsed(parseName).optional(),
    app: parsed(parseTarget).optional(),
    root: parsed(check.root).optional(),
    python: parsed(parsePython)
      .meta({ type: ['string', 'number'] })
      .optional(),
    image: parsed(parseImage).optional(),
    devcontainer: z.boolean().optional(),
    server: server.optional(),
    packages: packages.optional(),
    env: keyed(
      parseVariable,
      z
        .string()
        .refine((text) => !text.includes('\0'), 'no variable can hold a NUL')
        .meta({ type: ['string', 'number', 'boolean'] })
        .nullable(),
    ).optional(),
    env_file: z.array(parsed(check.file)).optional(),
    mounts: z.array(parsed(check.mount)).optional(),
    check: z.strictObject({ paths: z.array(parsed(parseRequestText)).optional() }).optional(),
    compose: compose.optional(),
    debug: debug.optional(),
    ca_certificates: z.array(parsed(check.authority)).optional(),
    hooks: z.strictObject({ before_start: z.array(parsed(parseCommand)).optional() }).optional(),
  });
}

/** The schema of one configuration file. */
export type FileSchema = ReturnType<typeof fileSchema>;

/** Values read by their source text: a version or a number of env must not be rounded or rewritten. */
export function isTextual(path: KeyPath): boolean {
  const [first, second] = path;
  return (
    first === 'python' ||
    first === 'env' ||
    (first === 'server' && second === 'port') ||
    (first === 'debug' && second === 'debugger_port')
  );
}

/** `KEY:` in env means "from the environment"; an empty list item is a mistake to report. */
export function keepsNull(path: KeyPath): boolean {
  return path[0] === 'env' && path.length === 2;
}
