import { isObject } from '../../jsonc.ts';

/** Keys of a devcontainer.json that are taken, are an editor's, or say what is so anyway. */
const TAKEN = new Set([
  ...['$schema', 'name', 'image', 'build', 'dockerFile', 'context', 'features', 'overrideFeatureInstallOrder'],
  ...['containerEnv', 'remoteEnv', 'mounts', 'runArgs', 'remoteUser', 'containerUser', 'updateRemoteUserUID'],
  ...['forwardPorts', 'appPort', 'portsAttributes', 'otherPortsAttributes', 'workspaceFolder', 'workspaceMount'],
  ...['onCreateCommands', 'updateContentCommands', 'postCreateCommands', 'postStartCommands', 'waitFor'],
  ...['dockerComposeFile', 'service', 'runServices'],
  ...['customizations', 'configFilePath', 'init', 'overrideCommand', 'shutdownAction', 'userEnvProbe'],
]);
/** Why others that the specification has are not. */
const REASONS: Readonly<Record<string, string>> = {
  capAdd: 'the application runs without capabilities',
  privileged: 'the application runs without privileges',
  securityOpt: 'the application runs without privileges',
  initializeCommand: 'it is for this machine and not for a container: run it yourself where it is needed',
  postAttachCommands: 'nothing attaches',
  entrypoints: "the container's main process is wsgi-dev's own",
  hostRequirements: 'it is not looked at',
  secrets: 'set them with `env_file:` in wsgi-dev.yaml',
};

/** A line for each key of a merged configuration that has no effect here. */
export function unsupported(merged: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(merged)
    .filter(([key, value]) => !TAKEN.has(key) && !isNothing(value))
    .flatMap(([key]) => {
      const reason = REASONS[key];
      const shown = key.replace(/(Command|entrypoint)s$/, '$1');
      if (reason === '') return [];
      return [
        reason === undefined ? `${shown} is not known here, and has no effect` : `${shown} has no effect: ${reason}`,
      ];
    });
}

function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) ? Object.keys(value).length === 0 : value === false || value === undefined || value === null;
}
