/** What the command line gave, as commander parsed it: only what was said, nothing defaulted. */
export interface Flags {
  readonly file?: string;
  readonly projectName?: string;
  readonly projectDirectory?: string;
  /** module:callable, module:factory(), or a script file. */
  readonly app?: string;
  /** `app` goes before an Apache configuration: for a command that runs one application. */
  readonly appFirst?: boolean;
  /** A configuration of Apache's: a file or a directory. */
  readonly apacheConfig?: string;
  readonly python?: string;
  /** The image to build on. */
  readonly image?: string;
  /** The service of the compose file that the application takes the place of. */
  readonly service?: string;
  /** "[HOST:]PORT"; an IPv6 host stands in brackets. */
  readonly port?: string;
  readonly debug?: boolean;
  /** "UID[:GID]" */
  readonly user?: string;
  readonly network?: string;
  /** "KEY=VAL", or "KEY" to take the value from the environment. */
  readonly env?: readonly string[];
  readonly envFile?: readonly string[];
  readonly reload?: boolean;
  /** Take devcontainer.json. */
  readonly devcontainer?: boolean;
  readonly allowRemoteDebug?: boolean;
  /** The name of a debugger. */
  readonly debugger?: string;
  /** "[HOST:]PORT" */
  readonly debuggerPort?: string;
  readonly postMortem?: boolean;
  readonly breakAtStart?: boolean;
  readonly notify?: boolean;
  readonly compare?: boolean;
  /** "FILE:LINE[ if EXPR]" or "MODULE:FUNCTION[ if EXPR]" */
  readonly break?: readonly string[];
  readonly enableCoverage?: boolean;
  readonly coverageDirectory?: string;
  readonly enableProfiler?: boolean;
  readonly profilerDirectory?: string;
  readonly enableRecorder?: boolean;
  readonly recorderDirectory?: string;
}

/** The environment wsgi-dev was started with. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One value and the words that tell a person where it was said: "--port 80" or "WSGI_DEV_PORT=80". */
export interface Said {
  readonly text: string;
  readonly where: string;
}

/** A setting that a flag or its variable may give; an empty variable counts as unset. */
export function said(flag: string, value: string | undefined, variable: string, env: Environment): Said | undefined {
  if (value !== undefined) return { text: value, where: `--${flag} ${value}` };
  const text = env[variable];
  return text === undefined || text === '' ? undefined : { text, where: `${variable}=${text}` };
}

/** Every variable that `resolveConfig` reads, in the order of the documentation. */
export const variables = [
  'WSGI_DEV_FILE',
  'WSGI_DEV_PROJECT_NAME',
  'WSGI_DEV_PROJECT_DIRECTORY',
  'WSGI_DEV_APP',
  'WSGI_DEV_APACHE_CONFIG',
  'WSGI_DEV_PYTHON',
  'WSGI_DEV_IMAGE',
  'WSGI_DEV_SERVICE',
  'WSGI_DEV_PORT',
  'WSGI_DEV_USER',
  'WSGI_DEV_NETWORK',
  'WSGI_DEV_RELOAD',
  'WSGI_DEV_DEVCONTAINER',
  'WSGI_DEV_DEBUGGER',
  'WSGI_DEV_NOTIFY',
  'WSGI_DEV_DEBUGGER_PORT',
  'WSGI_DEV_POST_MORTEM',
  'WSGI_DEV_BREAK_AT_START',
  'WSGI_DEV_CA_CERTIFICATES',
] as const;
