import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { passage } from '../helpers/debian.ts';
import { command, goOn, stoppedAt } from '../helpers/prompt.ts';
import { useProject } from '../helpers/session-project.ts';

// Two trackers run whole, each with a database and under the Apache configuration of its own manual, as it lies in what
// pip installed: Trac with Apache's passwords before it, Roundup in a daemon process whose directory has the tracker.

const project = useProject();

const TRAC_MANUAL = '/opt/venv/lib/python3.11/site-packages/trac/wiki/default-pages/TracModWSGI';
const ROUNDUP_MANUAL = '/opt/venv/share/doc/roundup/html/_sources/installation.txt';
const TRAC = `\
trac-admin the-env initenv "The Shop" sqlite:db/trac.db
trac-admin the-env deploy the-deploy
htpasswd -bc the-env/htpasswd firstuser secret
`;
const ROUNDUP = `\
roundup-admin -i foo install classic sqlite
`;

beforeAll(async () => {
  project.write('requirements.txt', 'Trac==1.6\nroundup==2.6.0\nsetuptools==80.9.0\n');
  project.write('wsgi-dev.yaml', `name: ${project.name}\n`);
  const { code, stdout, stderr } = await project.run(['build']);
  if (code !== 0) throw new Error(stderr);
}, 400_000);
afterEach(project.clear);
