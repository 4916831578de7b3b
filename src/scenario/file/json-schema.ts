import { z } from 'zod';
import { scenarioSchema } from './schema.ts';

/** The JSON Schema (draft 7, which editors know best) of a scenario file. Imports zod: reach it by `import()` only. */
export function scenarioJsonSchema(): object {
  // Whether a path exists is no matter of the schema.
  const any = (path: string) => ({ value: path });
  const mount = (source: string) => ({ value: { source, target: '', readOnly: false } });
  const apacheConfig = (path: string) => ({ value: { path, kind: 'file' as const } });
  const schema = scenarioSchema({
    root: any,
    file: any,
    packages: any,
    directory: any,
    authority: any,
    mount,
    apacheConfig,
  }).meta({
    title: 'A scenario of wsgi-dev ci',
    description: 'A debugging session written down: *.scenario.yaml',
  });
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
}
