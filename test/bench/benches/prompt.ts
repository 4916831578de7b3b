import { setTimeout as sleep } from 'node:timers/promises';
import { get } from '../http.ts';
import type { Lab, Project } from '../lab.ts';
import { openPty, type Pty } from '../pty.ts';
import { containerOf } from '../raw.ts';

/** A terminal that stands at the (Pdb) prompt of a project. */
export interface AtPrompt {
  readonly pty: Pty;
  /** Lets the request go on and closes the terminal. */
  leave(): Promise<void>;
}

/** How long a terminal gets to settle (its size, a redraw) before anything is measured, in milliseconds. */
const SETTLE_MS = 400;

/** Attaches to the debug container of `project`, which is up, and has a request stop at its breakpoint. */
export async function attached(lab: Lab, project: Project, by: 'wsgi-dev' | 'docker'): Promise<AtPrompt> {
  const command =
    by === 'wsgi-dev' ? [process.execPath, lab.cli, 'attach'] : ['docker', 'attach', await containerOf(lab, project)];
  const pty = openPty(command, project.directory, lab.env);
  if (by === 'wsgi-dev') await pty.until(/Attached to/);
  else await sleep(SETTLE_MS);
  // A plain docker attach has the runner's event behind the prompt.
  const stopped = pty.until(/\(Pdb\) (?:\x1b\][^\x07]*\x07)?$/);
  const answer = get(project.port, '/stop', 0);
  await stopped;
  await sleep(SETTLE_MS);
  return {
    pty,
    async leave() {
      pty.write('continue\r');
      await answer;
      pty.close();
      await sleep(SETTLE_MS);
    },
  };
}
