/** Where a CI's configuration goes, and what it is. */
export interface CiFile {
  /** Relative to the project's directory. */
  readonly path: string;
  readonly content: string;
  /** What to do where the file is there already: its content goes into that. */
  readonly merge: string;
}

export const ciKinds = ['github', 'gitlab', 'make'] as const;
export type CiKind = (typeof ciKinds)[number];

export interface CiSetup {
  /** Of wsgi-dev: pinned, so that a run of tomorrow is the run of today. */
  readonly version: string;
  /** As `wsgi-dev ci` takes them. */
  readonly scenarios: readonly string[];
  /** The project has a lock. */
  readonly frozen: boolean;
}

const REPORT = 'wsgi-dev-report';

/** The file that makes a CI run the scenarios and keep what they leave. */
export function ciFile(kind: CiKind, setup: CiSetup): CiFile {
  return { github, gitlab, make }[kind](setup);
}

function command({ version, scenarios, frozen }: CiSetup): string {
  const paths = scenarios.map((path) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`));
  return `npx --yes wsgi-dev@${version} ci ${paths.join(' ')}${frozen ? ' --frozen' : ''} --output ${REPORT}`;
}

function github(setup: CiSetup): CiFile {
  const content = `# Debugging sessions as files, run by wsgi-dev.
name: scenarios
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  scenarios:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - name: Run the scenarios
        run: ${command(setup)}
      - name: Keep what they left
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: ${REPORT}
          path: ${REPORT}
          if-no-files-found: ignore
`;
  return { path: '.github/workflows/wsgi-dev.yaml', content, merge: 'Add the job `scenarios` to it' };
}

function gitlab(setup: CiSetup): CiFile {
  const content = `# Debugging sessions as files, run by wsgi-dev.
scenarios:
  image: node:22
  services:
    - docker:28-dind
  variables:
    DOCKER_HOST: tcp://docker:2375
    DOCKER_TLS_CERTDIR: ""
  script:
    - ${command(setup)}
  artifacts:
    when: always
    paths:
      - ${REPORT}
    reports:
      junit: ${REPORT}/junit.xml
`;
  return { path: '.gitlab-ci.yml', content, merge: 'Add the job `scenarios` to it' };
}

function make(setup: CiSetup): CiFile {
  const content = `.PHONY: scenarios
scenarios:
	${command(setup)}
`;
  return { path: 'Makefile', content, merge: 'Add the target `scenarios` to it' };
}
