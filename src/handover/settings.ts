import { variables } from '../config/flags.ts';

/** Variables that say where the project is, not what is run. */
const PLACES: readonly string[] = ['WSGI_DEV_FILE', 'WSGI_DEV_PROJECT_NAME', 'WSGI_DEV_PROJECT_DIRECTORY'];

/** The variables of the environment that a run is handed over with. */
export const settingVariables: readonly string[] = variables.filter((name) => !PLACES.includes(name));
