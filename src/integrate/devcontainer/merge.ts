import { isObject, pushJsonc, readJsonc, setJsonc } from '../../jsonc.ts';
import { featureName } from './files.ts';

/** The environment that the Feature makes for the application's packages. */
const PIP = '/opt/wsgi-dev-venv/bin/pip';

/** What a project's devcontainer.json is to have. */
export interface Wanted {
  readonly name: string;
  /** For a new file: what the Feature goes on. */
  readonly image: string;
  readonly port: number;
  /** Requirements files, below the workspace. */
  readonly requirements: readonly string[];
}

/** The text of devcontainer.json at `path` with all that is wanted, and what a person has to add by hand. */
export interface Merged {
  readonly text: string;
  readonly notices: readonly string[];
}

/** A new devcontainer.json, or the one that is there with what it lacks; what it says already stands. */
export function mergeDevcontainer(before: string | undefined, path: string, wanted: Wanted): Merged {
  return [withFeature, withOrder, withPort, withCommand].reduce<Merged>((merged, step) => step(merged, path, wanted), {
    text: before ?? fresh(wanted),
    notices: [],
  });
}

type Step = (merged: Merged, path: string, wanted: Wanted) => Merged;

function fresh({ name, image }: Wanted): string {
  return [
    '// Written by `wsgi-dev devcontainer init`; `wsgi-dev up --debug` in the devcontainer opens pdb on its terminal.',
    '{',
    `  "name": ${JSON.stringify(name)},`,
    `  "image": ${JSON.stringify(image)}`,
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

/** debugpy, for the launch.json that comes along, and the application's requirements. */
const withCommand: Step = ({ text, notices }, path, { requirements }) => {
  const { postCreateCommand: said } = readJsonc(text, path);
  const command = [PIP, 'install', 'debugpy', ...requirements.flatMap((file) => ['-r', quoted(file)])].join(' ');
  if (JSON.stringify(said ?? '').includes(PIP)) return { text, notices };
  if (said === undefined) return { text: setJsonc(text, ['postCreateCommand'], command), notices };
  if (isObject(said)) return { text: setJsonc(text, ['postCreateCommand', 'wsgi-dev'], command), notices };
  if (typeof said === 'string') {
    return { text: setJsonc(text, ['postCreateCommand'], `${said} && ${command}`), notices };
  }
  return { text, notices: [...notices, `${path}: have postCreateCommand run this too: ${command}`] };
};

function quoted(file: string): string {
  return /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}
