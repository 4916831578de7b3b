/** Compose's labels, by which it knows its containers, networks and volumes. */
export const composeLabel = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  oneOff: 'com.docker.compose.oneoff',
  number: 'com.docker.compose.container-number',
  /** Of the service's configuration: `docker compose up` leaves a container with the same alone. */
  configHash: 'com.docker.compose.config-hash',
  image: 'com.docker.compose.image',
  dependsOn: 'com.docker.compose.depends_on',
  configFiles: 'com.docker.compose.project.config_files',
  workingDir: 'com.docker.compose.project.working_dir',
  version: 'com.docker.compose.version',
} as const;

/** Whether a container with these labels stands in the place of the service. */
export function inPlaceOf(
  labels: Readonly<Record<string, string>>,
  place: { readonly project: string; readonly service: string } | undefined,
): boolean {
  return labels[composeLabel.project] === place?.project && labels[composeLabel.service] === place?.service;
}
