/** The Python that each release of Debian and Ubuntu carries; an image without any gets it from there. */
const PYTHONS: Readonly<Record<string, string>> = {
  bullseye: '3.9',
  bookworm: '3.11',
  trixie: '3.13',
  forky: '3.14',
  jammy: '3.10',
  noble: '3.12',
};

/** Debian's releases, by the Python that names them: what they carry of mod_wsgi is 4.7.1, 4.9.4, 5.0.2 and 5.0.2. */
const SUITES: Readonly<Record<string, string>> = {
  '3.9': 'bullseye',
  '3.11': 'bookworm',
  '3.13': 'trixie',
  '3.14': 'forky',
};

/** An archive that is no longer, or not yet, signed anew each week. */
const UNDATED = new Set(['bullseye', 'forky']);

/** The Debian release with this Python, one of suitePythons: "bookworm". */
export function releaseOf(python: string): string {
  const release = SUITES[python];
  if (release === undefined) throw new Error(`no Debian release for Python ${python}`);
  return release;
}

/** The Python of a release of Debian or Ubuntu: "3.11"; undefined: of one that isn't known. */
export function pythonOfRelease(codename: string): string | undefined {
  return PYTHONS[codename];
}

/** Options for apt-get on a release. */
export function aptOptionsOf(codename: string): string {
  return UNDATED.has(codename) ? '-o Acquire::Check-Valid-Until=false' : '';
}
