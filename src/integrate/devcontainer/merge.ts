import { basename } from 'node:path';
import { authorityVariables } from '../../config/authorities.ts';
import { isObject, pushJsonc, readJsonc, setJsonc } from '../../jsonc.ts';
import { shellWord } from '../../shell.ts';
import { FEATURE, featureName } from './files.ts';

/** What an earlier one wrote in the place of `wsgi-dev install`. */
const PIP = '/opt/wsgi-dev-venv/bin/pip';
/** The system's authorities inside, with those that the Feature brings. */
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

/** What a project's devcontainer.json is to have. */
export interface Wanted {
  readonly name: string;
  /** For a new file: what the Feature goes on; or a Dockerfile, and its user, that does without the Feature. */
  readonly from: { readonly image: string } | { readonly dockerfile: string; readonly user: string };
  readonly port: number;
  /** What is installed: files below the workspace, and what is wanted of them. */
  readonly packages: {
    readonly files: readonly string[];
    readonly groups: readonly string[];
    readonly extras: readonly string[];
  };
  /** The Feature brings authorities besides the system's. */
  readonly authorities: boolean;
}

/** The text of devcontainer.json at `path` with all that is wanted, and what a person has to add by hand. */
export interface Merged {
  readonly text: string;
  readonly notices: readonly string[];
}

/** A new devcontainer.json, or the one that is there with what it lacks; what it says already stands. */
export function mergeDevcontainer(before: string | undefined, path: string, wanted: Wanted): Merged {
  const steps = [...('image' in wanted.from ? [withFeature, withOrder] : []), withAuthorities, withPort, withCommand];
  return steps.reduce<Merged>((merged, step) => step(merged, path, wanted), {
    text: before ?? fresh(wanted),
    notices: [],
  });
}

type Step = (merged: Merged, path: string, wanted: Wanted) => Merged;

function fresh({ name, from }: Wanted): string {
  const made =
    'image' in from
      ? [`  "image": ${JSON.stringify(from.image)}`]
      : [
          `  "build": { "dockerfile": ${JSON.stringify(from.dockerfile)}, "context": ${JSON.stringify(basename(FEATURE))} },`,
          `  "remoteUser": ${JSON.stringify(from.user)}`,
        ];
  return [
    '// Written by `wsgi-dev devcontainer init`; `wsgi-dev up --debug` in the devcontainer opens pdb on its terminal.',
    '{',
    `  "name": ${JSON.stringify(name)},`,
    ...made,
    '}',
    '',
  ].join('\n');
}

const withFeature: Step = ({ text, notices }, path) => {
  const { features } = readJsonc(text, path);
  const there = isObject(features) && Object.keys(features).some((key) => /(^|\/)wsgi-dev(:|@|$)/.test(key));
  return { text: there ? text : setJsonc(text, ['features', featureName(path)], {}), notices };
};

/** Another Feature's Python has to be there when mod_wsgi is made for it. */
const withOrder: Step = ({ text, notices }, path) => {
  const { features, overrideFeatureInstallOrder: order } = readJsonc(text, path);
  const python = Object.keys(isObject(features) ? features : {}).find((key) => /\/(python|conda)(:|@|$)/.test(key));
  if (python === undefined || order !== undefined) return { text, notices };
  return { text: setJsonc(text, ['overrideFeatureInstallOrder'], [python.replace(/[:@][^/]*$/, '')]), notices };
};

/** pip and the like read them by these; what is set already stands. */
const withAuthorities: Step = ({ text, notices }, path, { authorities }) => {
  if (!authorities) return { text, notices };
  const { containerEnv } = readJsonc(text, path);
  const there = isObject(containerEnv) ? containerEnv : {};
  const missing = authorityVariables.filter((name) => there[name] === undefined);
  const set = (all: string, name: string): string => setJsonc(all, ['containerEnv', name], BUNDLE);
  return { text: missing.reduce(set, text), notices };
};

const withPort: Step = (merged, path, { port }) => {
  let { text } = merged;
  const { forwardPorts, portsAttributes } = readJsonc(text, path);
  if (!Array.isArray(forwardPorts)) text = setJsonc(text, ['forwardPorts'], [port]);
  else if (!forwardPorts.includes(port)) text = pushJsonc(text, ['forwardPorts'], port);
  if (!isObject(portsAttributes) || portsAttributes[port] === undefined) {
    text = setJsonc(text, ['portsAttributes', `${port}`], { label: 'wsgi-dev', onAutoForward: 'notify' });
  }
  return { ...merged, text };
};

/**
 * debugpy, for the launch.json that comes along, and the application's requirements. What can't be installed is told, and
 * keeps neither the devcontainer nor later commands from coming.
 */
const withCommand: Step = ({ text, notices }, path, wanted) => {
  const { postCreateCommand: said } = readJsonc(text, path);
  const command = installCommand(wanted);
  if (new RegExp(`${PIP}|wsgi-dev install`).test(JSON.stringify(said ?? ''))) return { text, notices };
  if (said === undefined) return { text: setJsonc(text, ['postCreateCommand'], command), notices };
  if (isObject(said)) return { text: setJsonc(text, ['postCreateCommand', 'wsgi-dev'], command), notices };
  if (typeof said === 'string') {
    return { text: setJsonc(text, ['postCreateCommand'], `${said} && (${command})`), notices };
  }
  return { text, notices: [...notices, `${path}: have postCreateCommand run this too: ${command}`] };
};

function installCommand({ packages: { files, groups, extras } }: Wanted): string {
  const words = (option: string, values: readonly string[]): readonly string[] =>
    values.flatMap((value) => [option, shellWord(value)]);
  const chosen = [...words('-r', files), ...words('--group', groups), ...words('--extra', extras)];
  return ['wsgi-dev install', ...chosen, 'debugpy || true'].join(' ');
}
