/** Labels on containers and images; they tell wsgi-dev's own from others', and carry no secret of the application. */
export const label = {
  project: 'dev.wsgi-dev.project',
  workingDir: 'dev.wsgi-dev.working-dir',
  /** Of what forces a new container. */
  configHash: 'dev.wsgi-dev.config-hash',
  /** Signs the runner's events, for terminals that attach later. */
  nonce: 'dev.wsgi-dev.nonce',
  version: 'dev.wsgi-dev.version',
  /** On the container of one command: it isn't the project's server. */
  once: 'dev.wsgi-dev.once',
  /** On what a scenario needs: the process that runs it, as project/process-mark.ts writes it. */
  runBy: 'dev.wsgi-dev.run-by',
  base: 'dev.wsgi-dev.base',
  /** Lets editors find the container for a folder. */
  localFolder: 'devcontainer.local_folder',
  /** Any but the folder's devcontainer.json: without, `devcontainer up` would take the container for its own. */
  configFile: 'devcontainer.config_file',
} as const;

/** The name that a project's container has on the engine. */
export function containerName(project: string): string {
  return `${project}-wsgi`;
}
