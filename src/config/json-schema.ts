import { z } from 'zod';
import { KEYS } from './describe.ts';
import { fileSchema } from './schema.ts';

/** What of JSON Schema is looked into here. */
interface Node {
  description?: string;
  properties?: Record<string, Node>;
}

/** The JSON Schema (draft 7, which editors know best) of wsgi-dev.yaml. Imports zod: reach it by `import()` only. */
export function configJsonSchema(): object {
  // Whether a path exists is no matter of the schema.
  const any = (path: string) => ({ value: path });
  const mount = (source: string) => ({ value: { source, target: '', readOnly: false } });
  const apacheConfig = (path: string) => ({ value: { path, kind: 'file' as const } });
  const schema = fileSchema({
    root: any,
    file: any,
    packages: any,
    directory: any,
    authority: any,
    mount,
    apacheConfig,
  }).meta({
    title: 'wsgi-dev.yaml',
    description: 'A project of wsgi-dev: how its WSGI application is run under Apache, and debugged',
  });
  const described = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }) as Node;
  for (const [key, [text]] of Object.entries(KEYS)) {
    const node = key.split('.').reduce<Node | undefined>((inner, part) => inner?.properties?.[part], described);
    if (node !== undefined) node.description = text;
  }
  return described;
}
