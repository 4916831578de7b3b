/** What was found in an image by looking into it (images/base/look.sh). */
export interface Contents {
  /** What the system calls itself: "Debian GNU/Linux 12 (bookworm)"; undefined: it doesn't say. */
  readonly os: string | undefined;
  /** The release's name: "bookworm"; "" where it has none. */
  readonly codename: string;
  /** It has apt-get and dpkg. */
  readonly apt: boolean;
  /** The one that the image's PATH names comes first. */
  readonly pythons: readonly FoundPython[];
}

/** A Python 3 that an unprivileged user may run. */
export interface FoundPython {
  /** Absolute, without links; of a virtual environment, the Python that it was made of. */
  readonly path: string;
  /** "3.12" */
  readonly version: string;
  /** What mod_wsgi is made with and that isn't there: its shared library, Python.h, the module ensurepip. */
  readonly lacks: readonly string[];
  /** The packages of the virtual environment that it was found by; undefined: it was none. */
  readonly sitePackages?: string | undefined;
}
