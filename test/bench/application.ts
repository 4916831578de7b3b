/** The benches' own application: no breakpoint on the plain path, one on /stop, and versions to see an edit by. */
export const applicationFiles: Readonly<Record<string, string>> = {
  'wsgi.py': scriptSource(0),
  'helper.py': helperSource(0),
};

/** wsgi.py in its `version`. It answers with its version, the helper's, and how many milliseconds its import took. */
export function scriptSource(version: number): string {
  return `import time

begun = time.perf_counter()

import json

import helper

VERSION = ${version}
IMPORT_MS = (time.perf_counter() - begun) * 1000


def application(environ, start_response):
    if environ["PATH_INFO"] == "/stop":
        breakpoint()
    body = json.dumps({"script": VERSION, "helper": helper.VERSION, "import": IMPORT_MS}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
`;
}

/** helper.py, which wsgi.py imports, in its `version`. */
export function helperSource(version: number): string {
  return `VERSION = ${version}\n`;
}
