import type { Mount } from '../../config/config.ts';
import { reservedBy } from '../../config/reserved.ts';
import { isObject } from '../../jsonc.ts';

/** The mounts of a devcontainer that can be had, and a line for each that can't. */
export function mountsOf(written: unknown): { readonly mounts: readonly Mount[]; readonly notices: readonly string[] } {
  const mounts: Mount[] = [];
  const notices: string[] = [];
  for (const one of Array.isArray(written) ? written : []) {
    const { type, source, target, readOnly } = fieldsOf(one);
    const shown = typeof one === 'string' ? one : JSON.stringify(one);
    if (target === undefined || (type === 'bind' && source === undefined)) {
      notices.push(`the mount ${shown} has no effect: it names no ${target === undefined ? 'target' : 'source'}`);
    } else if (type !== 'bind' && type !== 'volume' && type !== 'tmpfs') {
      notices.push(`the mount ${shown} has no effect: type=${type} is not known here`);
    } else if (/\/(docker|podman|containerd)[^/]*\.sock$/.test(source ?? '')) {
      notices.push(`the mount ${shown} has no effect: the application would be given the engine`);
    } else if (reservedBy(target) !== undefined) {
      notices.push(`the mount ${shown} has no effect: wsgi-dev has its own ${reservedBy(target)}`);
    } else {
      const named = type === 'tmpfs' ? '' : (source ?? '');
      mounts.push({ source: named, target, readOnly, ...(type !== 'bind' && { kind: type }) });
    }
  }
  return { mounts, notices };
}

interface Fields {
  readonly type: string;
  readonly source: string | undefined;
  readonly target: string | undefined;
  readonly readOnly: boolean;
}

/** "type=bind,source=/a,target=/b,readonly", or the same as an object. */
function fieldsOf(one: unknown): Fields {
  const written = typeof one === 'string' ? one.split(',').map((part) => part.split(/=(.*)/s, 2)) : [];
  const fields: Readonly<Record<string, unknown>> = isObject(one) ? one : Object.fromEntries(written);
  const text = (...keys: readonly string[]): string | undefined => {
    const key = keys.find((name) => typeof fields[name] === 'string' && fields[name] !== '');
    return key === undefined ? undefined : String(fields[key]);
  };
  const flag = ['readonly', 'ro'].find((name) => name in fields);
  return {
    type: text('type') ?? 'volume',
    source: text('source', 'src'),
    target: text('target', 'destination', 'dst'),
    readOnly: flag !== undefined && fields[flag] !== false && fields[flag] !== 'false',
  };
}
