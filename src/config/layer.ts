import type { ApacheConfig, DebuggerName, Mount } from './config.ts';
import type { WrittenModWsgi } from './mod-wsgi.ts';
import type { Address } from './parsers.ts';
import type { Sourced } from './sourced.ts';
import type { WrittenTarget } from './target.ts';

/** What one source (a file, the variables, the flags) said; paths are absolute, environment values final. */
export interface Layer {
  readonly name?: Sourced<string> | undefined;
  readonly app?: Sourced<WrittenTarget> | undefined;
  readonly root?: Sourced<string> | undefined;
  readonly python?: Sourced<string> | undefined;
  readonly image?: Sourced<string> | undefined;
  readonly service?: Sourced<string> | undefined;
  readonly composeFiles?: readonly string[] | undefined;
  readonly address?: Sourced<Address> | undefined;
  readonly modWsgi?: Sourced<WrittenModWsgi> | undefined;
  readonly user?: Sourced<string> | undefined;
  readonly network?: Sourced<string> | undefined;
  readonly reload?: Sourced<boolean> | undefined;
  readonly devcontainer?: Sourced<boolean> | undefined;
  readonly debugger?: Sourced<DebuggerName> | undefined;
  readonly notify?: Sourced<boolean> | undefined;
  readonly compare?: Sourced<boolean> | undefined;
  readonly debuggerPort?: Sourced<Address> | undefined;
  readonly postMortem?: Sourced<boolean> | undefined;
  readonly breakAtStart?: Sourced<boolean> | undefined;
  readonly breaks?: readonly string[] | undefined;
  readonly checkPaths?: readonly string[] | undefined;
  readonly mount?: Sourced<string> | undefined;
  readonly apacheConfig?: Sourced<ApacheConfig> | undefined;
  readonly paths?: Readonly<Record<string, Sourced<string>>> | undefined;
  readonly static?: Readonly<Record<string, Sourced<string>>> | undefined;
  /** undefined: not mentioned, so requirements.txt is taken where it exists. */
  readonly pip?: readonly string[] | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly extras?: readonly string[] | undefined;
  readonly apt?: readonly string[] | undefined;
  readonly mounts?: readonly Mount[] | undefined;
  readonly caCertificates?: readonly string[] | undefined;
  readonly beforeStart?: readonly string[] | undefined;
  /** From env files; any `env` goes before it. */
  readonly fileEnv?: Readonly<Record<string, string>> | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** `over` goes before `base`; maps are merged and lists joined, as compose merges its files. */
export function mergeLayers(base: Layer, over: Layer): Layer {
  return {
    name: over.name ?? base.name,
    app: over.app ?? base.app,
    root: over.root ?? base.root,
    python: over.python ?? base.python,
    image: over.image ?? base.image,
    service: over.service ?? base.service,
    composeFiles: over.composeFiles ?? base.composeFiles,
    address: over.address ?? base.address,
    modWsgi: over.modWsgi ?? base.modWsgi,
    user: over.user ?? base.user,
    network: over.network ?? base.network,
    reload: over.reload ?? base.reload,
    devcontainer: over.devcontainer ?? base.devcontainer,
    debugger: over.debugger ?? base.debugger,
    notify: over.notify ?? base.notify,
    compare: over.compare ?? base.compare,
    debuggerPort: over.debuggerPort ?? base.debuggerPort,
    postMortem: over.postMortem ?? base.postMortem,
    breakAtStart: over.breakAtStart ?? base.breakAtStart,
    breaks: joined(base.breaks, over.breaks),
    checkPaths: joined(base.checkPaths, over.checkPaths),
    mount: over.mount ?? base.mount,
    static: { ...base.static, ...over.static },
    apacheConfig: over.apacheConfig ?? base.apacheConfig,
    paths: { ...base.paths, ...over.paths },
    pip: joined(base.pip, over.pip),
    groups: joined(base.groups, over.groups),
    extras: joined(base.extras, over.extras),
    apt: joined(base.apt, over.apt),
    caCertificates: joined(base.caCertificates, over.caCertificates),
    mounts: joinedMounts(base.mounts, over.mounts),
    beforeStart: joined(base.beforeStart, over.beforeStart),
    fileEnv: { ...base.fileEnv, ...over.fileEnv },
    env: { ...base.env, ...over.env },
  };
}

function joined(
  base: readonly string[] | undefined,
  over: readonly string[] | undefined,
): readonly string[] | undefined {
  return base === undefined || over === undefined ? (over ?? base) : [...new Set([...base, ...over])];
}

function joinedMounts(base: readonly Mount[] = [], over: readonly Mount[] = []): readonly Mount[] {
  return [...new Map([...base, ...over].map((mount) => [mount.target, mount])).values()];
}
