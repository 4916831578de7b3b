import { key } from '../../helpers/pty.ts';
import type { Python } from '../../helpers/pythons.ts';
import type { SessionProject } from '../../helpers/session-project.ts';
import type { Framework } from './frameworks.ts';
import type { Plain } from './kind.ts';
import { kinds } from './kinds.ts';
import { logged, request, tracebacks } from './stage.ts';

/** What each path that raises an exception brings when none is stopped at. */
export async function plainAnswers(
  project: SessionProject,
  python: Python,
  framework: Framework,
): Promise<ReadonlyMap<string, Plain>> {
  const terminal = await project.up(['--app', framework.app, '--no-post-mortem']);
  const stage = { project, python, framework, terminal };
  const found = new Map<string, Plain>();
  for (const { id, headline, absent } of kinds) {
    if (headline === undefined || absent?.includes(framework.name)) continue;
    const answer = await request(stage, id);
    found.set(id, { answer, tracebacks: tracebacks(await logged(stage)) });
  }
  terminal.type(key.detach);
  await terminal.ended;
  return found;
}
