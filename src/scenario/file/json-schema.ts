import { z } from 'zod';
import { UNCHECKED } from '../../config/unchecked.ts';
import { scenarioSchema } from './schema.ts';

/** The JSON Schema (draft 7, which editors know best) of a scenario file. Imports zod: reach it by `import()` only. */
export function scenarioJsonSchema(): object {
  const schema = scenarioSchema(UNCHECKED).meta({
    title: 'A scenario of wsgi-dev ci',
    description: 'A debugging session written down: *.scenario.yaml',
  });
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
}
