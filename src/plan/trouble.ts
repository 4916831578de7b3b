import { builtWith, missingIn } from './native.ts';
import { find, type Trouble } from './reason.ts';
import { refused, unheard } from './refused.ts';

/** What decides what can be added. */
export interface TroubleContext {
  /** packages.apt of the project. */
  readonly apt: readonly string[];
  /** It is the distribution's own Python, whose headers apt has. */
  readonly distribution: boolean;
}

/** What apt, pip or uv failed at, read from the output of a build; undefined where nothing is known that helps. */
export function troubleIn(lines: readonly string[], context: TroubleContext): Trouble | undefined {
  return (
    untrusted(lines) ??
    aptTrouble(lines) ??
    refused(lines) ??
    unavailable(lines) ??
    compiled(lines, context) ??
    conflict(lines) ??
    hashes(lines) ??
    far(lines) ??
    unbuilt(lines)
  );
}

function aptTrouble(lines: readonly string[]): Trouble | undefined {
  const names = unique(
    lines.flatMap(
      (line) =>
        /^E: (?:Unable to locate package (\S+)|Package '(.+)' has no installation candidate)/.exec(line)?.slice(1) ??
        [],
    ),
  );
  if (names.length > 0) {
    return {
      reason: `apt knows no package ${names.join(', ')}`,
      remedy: 'Check the spelling in packages.apt: packages.debian.org lists the names of each Debian release.',
    };
  }
  const unmet = find(lines, /^ (\S+) : (Depends|Conflicts|Breaks): (.+)$/);
  if (unmet !== undefined && lines.some((line) => /unmet dependencies|held broken packages/.test(line))) {
    return {
      reason: `apt can't install ${unmet[1]}: it ${unmet[2] === 'Depends' ? 'needs' : 'does not go with'} ${unmet[3]}`,
      remedy: 'Leave one of the two out of packages.apt, or build on a newer base image: --pull always.',
    };
  }
  const archive = find(
    lines,
    /^(?:E|Err|W): ?.*(?:Failed to fetch|Could not resolve|Unable to connect to) '?(\S+?)'?(?:\s|$)/,
  );
  const fetch = find(lines, /Temporary failure resolving '([^']+)'/) ?? archive;
  if (fetch !== undefined && lines.some((line) => /^E: /.test(line))) {
    return { reason: `apt can't reach ${fetch[1]}`, remedy: networkRemedy };
  }
  return undefined;
}

/** No such distribution, or none for this Python. */
function unavailable(lines: readonly string[]): Trouble | undefined {
  const wanted =
    find(lines, /No matching distribution found for ([^\s(]+)/)?.[1] ??
    find(lines, /Because (\S+) was not found in the package registry/)?.[1] ??
    find(lines, /there is no version of ([\w.-]+==\S+?)[,\s]/)?.[1];
  // Without an index that answers, nothing is found.
  if (wanted === undefined || far(lines) !== undefined) return undefined;
  const name = wanted.split(/[=<>~![;]/)[0] ?? wanted;
  const pythons = find(lines, /Ignored the following versions that require a different python version: (.+)/)?.[1];
  if (pythons !== undefined) {
    const needs = unique(pythons.split(';').map((one) => one.trim().replace(/^\S+ Requires-Python /, ''))).slice(0, 3);
    return {
      reason: `${wanted} could not be installed: its versions need another Python (${needs.join('; ')})`,
      remedy: `Choose a Python that it has a version for (--python, or python: in wsgi-dev.yaml), or another version of ${name}.`,
    };
  }
  const versions = find(lines, /\(from versions: ([^)]+)\)/)?.[1]?.split(', ') ?? [];
  const newest = versions.filter((version) => version !== 'none').slice(-5);
  if (newest.length > 0) {
    return {
      reason: `${wanted} could not be installed: there is no such version for this Python (the newest are ${newest.join(', ')})`,
      remedy: `Ask for a version of ${name} that is there.`,
    };
  }
  return unheard(wanted, lines);
}

/** Something native is missing: its Debian package, and with it what compiling takes. */
function compiled(lines: readonly string[], { apt, distribution }: TroubleContext): Trouble | undefined {
  const missing = missingIn(lines);
  if (missing === undefined) return undefined;
  const tool = ['git', 'mercurial', 'subversion'].includes(missing.packages[0] ?? '');
  const compiler = tool ? [] : ['build-essential', ...(distribution ? ['python3-dev'] : [])];
  const known = builtWith(failedPackage(lines) ?? '');
  const wanted = [...known, ...missing.packages];
  const add = unique([...wanted.filter((name) => tool || !/^(gcc|g\+\+|python3-dev)$/.test(name)), ...compiler]).filter(
    (name) => !apt.includes(name),
  );
  const what = failedPackage(lines) ?? 'A requirement';
  const reason = `${what} could not be installed: its build needs ${missing.what}`;
  if (add.length === 0)
    return { reason, remedy: `The Debian packages of packages.apt don't have it: see what ${what} asks for.` };
  return {
    reason,
    remedy: `Add to wsgi-dev.yaml: packages: {apt: [${unique([...apt, ...add]).join(', ')}]}`,
  };
}

function conflict(lines: readonly string[]): Trouble | undefined {
  const pair = find(lines, /Cannot install (.+?) because these package versions have conflicting dependencies/)?.[1];
  if (pair !== undefined) {
    const depends = unique(lines.flatMap((line) => /^\s+(\S+ \S+ depends on .+)$/.exec(line)?.[1] ?? []));
    const why = depends.length === 0 ? '' : ` (${depends.slice(0, 4).join('; ')})`;
    return {
      reason: `${pair} can't be installed together${why}`,
      remedy: 'Loosen one of these requirements, or choose versions that go together.',
    };
  }
  const at = lines.findIndex((line) => /No solution found when resolving dependencies/.test(line));
  if (at === -1) return undefined;
  const because = lines.slice(at + 1, at + 8).map((line) => line.replace(/^[\s╰─▶│]+/u, '').trim());
  return {
    reason: `The requirements don't go together: ${because.join(' ').trim()}`,
    remedy: 'Loosen one of these requirements, or choose versions that go together.',
  };
}

function hashes(lines: readonly string[]): Trouble | undefined {
  if (lines.some((line) => /THESE PACKAGES DO NOT MATCH THE HASHES|Hash mismatch for/.test(line))) {
    const at = lines.findIndex((line) => /^\s*Expected sha256 /.test(line));
    const what =
      /^\s*([\w.-]+==\S+)/.exec(lines[at - 1] ?? '')?.[1] ??
      find(lines, /Hash mismatch for `([^`]+)`/)?.[1] ??
      'a requirement';
    return {
      reason: `${what} is another file than its hash says`,
      remedy:
        'An index gives another file by that name, or the requirements were edited: find out which before you write the new hash.',
    };
  }
  if (lines.some((line) => /Hashes are required in --require-hashes mode/.test(line))) {
    const at = lines.findIndex((line) => /Hashes are required in --require-hashes mode/.test(line));
    const bare = lines
      .slice(at)
      .flatMap((line) => /^\s+([\w.-]+(?:==|>|<|~)\S+?)(?: --hash.*)?$/.exec(line)?.[1] ?? []);
    return {
      reason: `${bare[0] ?? 'A requirement'} has no hash, while others have one`,
      remedy:
        'With one hash in them, pip wants one for every requirement: pip-compile --generate-hashes and uv export write them.',
    };
  }
  return undefined;
}

const networkRemedy =
  'The build needs a way there: HTTP_PROXY and HTTPS_PROXY are handed to it, ca_certificates names an authority to trust.';

/** An archive or an index shows a certificate of nobody's: what is only there isn't found either. */
function untrusted(lines: readonly string[]): Trouble | undefined {
  const tls = find(
    lines,
    /(CERTIFICATE_VERIFY_FAILED|invalid peer certificate: \w+|certificate verification failed)/i,
  )?.[1];
  if (tls === undefined) return undefined;
  return {
    reason: `A server's certificate is not trusted: ${tls}`,
    remedy:
      'Name the authority that signed it: ca_certificates: [corp-root.pem] in wsgi-dev.yaml, or WSGI_DEV_CA_CERTIFICATES.',
  };
}

/** No index answers. */
function far(lines: readonly string[]): Trouble | undefined {
  const proxy = lines.some((line) => /Cannot connect to proxy|ProxyError|Tunnel connection failed/.test(line));
  const broken = find(
    lines,
    /(Temporary failure in name resolution|Name or service not known|Connection refused|Network is unreachable|No route to host|failed to lookup address information|Read timed out|connect timeout)/i,
  )?.[1];
  if (proxy)
    return { reason: 'The proxy does not let the build out', remedy: 'Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY.' };
  return broken === undefined
    ? undefined
    : { reason: `The index of Python packages can't be reached: ${broken}`, remedy: networkRemedy };
}

/** It failed in a way of its own. */
function unbuilt(lines: readonly string[]): Trouble | undefined {
  const name = failedPackage(lines);
  const failed = lines.some((line) => /subprocess-exited-with-error|Failed building wheel|Failed to build/.test(line));
  if (name === undefined || !failed) return undefined;
  const last = lines.findLast(
    (line) =>
      /^\s*(?:\w*Error|error): \S/.test(line) &&
      !/subprocess-exited|metadata-generation|legacy-install-failure/.test(line),
  );
  return {
    reason: `${name} could not be installed: its build failed${last === undefined ? '' : ` with ${last.trim()}`}`,
    remedy: `A version with a wheel for this Python needs no build; --python chooses another Python. The output above is ${name}'s own.`,
  };
}

/** Which requirement pip or uv was busy with. */
function failedPackage(lines: readonly string[]): string | undefined {
  const said =
    find(lines, /Failed building wheel for ([\w.-]+)/) ??
    find(lines, /Failed to (?:download and )?build `([\w.-]+)/) ??
    find(lines, /ERROR: Failed to build '([\w.-]+)'/) ??
    find(lines, /Could not build wheels for ([\w.-]+)/);
  if (said !== undefined) return said[1];
  const at = lines.findIndex((line) =>
    /subprocess-exited-with-error|Command errored out|Cannot find command '/.test(line),
  );
  const collecting = lines
    .slice(0, at === -1 ? undefined : at)
    .findLast((line) => /^\s*(?:Collecting|Processing|Obtaining) \S/.test(line));
  return /(?:Collecting|Processing|Obtaining) ([^\s=<>~![(;@]+)/.exec(collecting ?? '')?.[1];
}

function unique(words: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(words.filter((word) => word !== undefined))];
}
