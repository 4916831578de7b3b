import type { JoinedFile, JoinedMount } from '../../config/joined.ts';
import type { ComposeContent, ComposeGrant, ComposeModel, ComposeService } from './model.ts';

/** Secrets and configs of a service that lie in files: mounted, as compose does. */
export function grantedMounts(model: ComposeModel, service: ComposeService): readonly JoinedMount[] {
  return granted(model, service).flatMap(({ content: { file }, path }) =>
    file === undefined ? [] : [{ kind: 'bind', source: file, target: path, readOnly: true, create: false }],
  );
}

/** Those that are a text or a variable. */
export function grantedFiles(
  model: ComposeModel,
  service: ComposeService,
  variables: Readonly<Record<string, string | undefined>>,
): readonly JoinedFile[] {
  return granted(model, service).flatMap(({ grant, content, path }) => {
    const text = content.content ?? (content.environment && variables[content.environment]);
    if (content.file !== undefined || text === undefined) return [];
    const { uid, gid, mode } = grant;
    return [{ path, content: text, uid: numberOf(uid), gid: numberOf(gid), mode: modeOf(mode) }];
  });
}

/** The variables that they are taken from. */
export function grantedVariables(model: ComposeModel, service: ComposeService): readonly string[] {
  return granted(model, service).flatMap(({ content: { environment } }) => environment ?? []);
}

interface Granted {
  readonly grant: ComposeGrant;
  readonly content: ComposeContent;
  readonly path: string;
}

function granted(model: ComposeModel, { secrets = [], configs = [] }: ComposeService): readonly Granted[] {
  const of = (
    grants: readonly ComposeGrant[],
    contents: Readonly<Record<string, ComposeContent>> | undefined,
    directory: string,
  ): readonly Granted[] =>
    grants.flatMap((grant) => {
      const content = contents?.[grant.source];
      const { target = grant.source } = grant;
      return content === undefined
        ? []
        : [{ grant, content, path: target.startsWith('/') ? target : directory + target }];
    });
  return [...of(secrets, model.secrets, '/run/secrets/'), ...of(configs, model.configs, '/')];
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

/** Octal digits in a text; compose prints a number in a text as well. */
function modeOf(mode: string | number | undefined): number {
  return mode === undefined ? 0o444 : typeof mode === 'number' ? mode : Number.parseInt(mode, 8);
}
