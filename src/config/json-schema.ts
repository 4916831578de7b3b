import { z } from 'zod';
import { KEYS } from './describe.ts';
import { fileSchema } from './schema.ts';
import { UNCHECKED } from './unchecked.ts';

/** What of JSON Schema is looked into here. */
interface Node {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Node>;
}

/** The JSON Schema (draft 7, which editors know best) of wsgi-dev.yaml. Imports zod: reach it by `import()` only. */
export function configJsonSchema(): object {
  const schema = fileSchema(UNCHECKED).meta({
    title: 'wsgi-dev.yaml',
    description: 'A project of wsgi-dev: how its WSGI application is run under Apache, and debugged',
  });
  const described = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }) as Node;
  for (const [key, [text, example]] of Object.entries(KEYS)) {
    const node = key.split('.').reduce<Node | undefined>((inner, part) => inner?.properties?.[part], described);
    if (node === undefined) continue;
    node.description = text;
    // The head of a section that has nothing but comments.
    if (example === '') node.type = ['object', 'null'];
  }
  return described;
}
