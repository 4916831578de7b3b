import { z } from 'zod';
import { scenarioJsonSchema } from '../scenario/file/json-schema.ts';
import { environmentReport, scenarioResult } from '../scenario/result/result-schema.ts';

/** Names and texts of the files in schemas/. Imports zod: no command needs it. */
export function schemaFiles(): readonly (readonly [name: string, text: string])[] {
  return [
    ['result.schema.json', text(scenarioResult)],
    ['environment.schema.json', text(environmentReport)],
    ['scenario.schema.json', `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`],
  ];
}

function text(schema: z.ZodType): string {
  const described = z.toJSONSchema(schema, {
    // Every key is written once and never changed: to say so at each is noise.
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
    },
  });
  return `${JSON.stringify(described, null, 2)}\n`;
}
