import { configJsonSchema } from './config/json-schema.ts';
import { schemaFiles as ofReports } from './report/schemas.ts';

/** Names and texts of the files in schemas/, for scripts/schemas.mjs. */
export function schemaFiles(): readonly (readonly [name: string, text: string])[] {
  return [...ofReports(), ['wsgi-dev.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`]];
}
