import { z } from 'zod';
import { nameFault } from './names.ts';
import { settingVariables } from './settings.ts';

/*
 * manifest.json, the first file of an archive, and run.json, which `ci` leaves for `ci pack`: the one description of
 * their keys. Imports zod: reach this module by `import()` only.
 */

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();
const path = z.string().refine((text) => nameFault(text) === undefined, 'expected a relative path');
const variables = z.record(
  z.string().refine((name) => settingVariables.includes(name), 'no setting'),
  z.string(),
);

/** run.json: what `ci pack` needs besides the evidence. */
export const runTrace = z
  .strictObject({
    schema: z.literal(1),
    /** The way from this file's directory to the project's. */
    project: z.string(),
    /** The directory of the evidence, where it lies inside the project. */
    output: z.string().optional(),
    /** SHA-256 over the project's files: paths, modes, contents. */
    source: digest,
    /** The configuration file that was named, relative to the project's directory. */
    configuration: z.string().optional(),
    variables,
    /** On the image of the project's lock. */
    frozen: z.boolean().optional(),
    /** On the image of this devcontainer.json. */
    devcontainer: z.string().optional(),
    /** Among the services of a compose file, with what this one has. */
    service: z.string().optional(),
  })
  .readonly();
export type RunTrace = z.infer<typeof runTrace>;

const file = z.strictObject({ path, size: count, mode: z.enum(['0644', '0755']), sha256: digest }).readonly();

export const manifestSchema = z
  .strictObject({
    schema: z.literal(1),
    wsgiDev: z.string(),
    project: z.string(),
    scenario: z.strictObject({ name: z.string(), file: path, python: z.string().optional() }).readonly(),
    outcome: z.enum(['passed', 'failed']),
    versions: z.record(z.string(), z.string()),
    /** Absent: no git work tree. */
    revision: z
      .strictObject({ commit: z.string(), description: z.string(), changed: z.boolean() })
      .readonly()
      .optional(),
    configuration: path.optional(),
    variables,
    /** It ran on the image of the project's lock, which is among the files. */
    frozen: z.boolean().optional(),
    /** Files of the project that aren't in the archive, as they may hold secrets. */
    leftOut: z.array(z.string()).readonly(),
    /** Of env files that were left out: the names of their variables. */
    envFiles: z
      .array(z.strictObject({ path, names: z.array(z.string().regex(/^[A-Za-z_][\w.-]*$/)).readonly() }).readonly())
      .readonly(),
    /** Every other file, sorted by path. */
    files: z.array(file).readonly(),
  })
  .readonly();

/** What an archive is, and its files. */
export type Manifest = z.infer<typeof manifestSchema>;

/** The manifest in a text, or what is wrong with it. */
export function parseManifest(text: string): { readonly manifest: Manifest } | { readonly fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'is not JSON' };
  }
  const schema = typeof value === 'object' && value !== null ? Reflect.get(value, 'schema') : undefined;
  if (typeof schema === 'number' && schema > 1) {
    const maker = Reflect.get(value as object, 'wsgiDev');
    return {
      fault: `is of a newer wsgi-dev${typeof maker === 'string' ? ` (${printed(maker)})` : ''}: update this one`,
    };
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return { manifest: parsed.data };
  const [issue] = parsed.error.issues;
  return { fault: `is faulty at ${printed(issue?.path.join('.') || 'its top')}: ${issue?.message}` };
}

/** A text of a stranger, fit for a line on a terminal. */
export function printed(text: string, most = 200): string {
  const clean = text.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '?');
  return clean.length > most ? `${clean.slice(0, most)}…` : clean;
}
