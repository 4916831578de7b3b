import type { Command } from 'commander';
import { label } from '../plan/labels.ts';
import { runningContainer, stateOf } from '../project/container.ts';
import { readState } from '../project/state.ts';
import type { Context } from './context.ts';
import { afterSession } from './ending.ts';
import { attachedDriver, checkTerminal, detachKeysOption, sessionHint } from './terminal.ts';

/** Declares `attach`. */
export function declareAttach(program: Command, context: () => Context): void {
  program
    .command('attach')
    .description('back to the terminal of the running server, with the output that led to the prompt')
    .addOption(detachKeysOption())
    .addHelpText('after', '\nExample:\n  $ wsgi-dev attach')
    .action(({ detachKeys }: { readonly detachKeys: Buffer }) => attach(context(), detachKeys));
}

async function attach(context: Context, detachKeys: Buffer): Promise<void> {
  const [engine, project] = await Promise.all([context.engine(), context.project()]);
  const container = await runningContainer(engine, project);
  const state = await readState(stateOf(container, project));
  if (state?.mode === 'debug') checkTerminal(context, state.debugger);
  const { runSession } = await import('../session/session.ts');
  const session = await runSession({
    engine,
    container: container.id,
    nonce: container.labels[label.nonce] ?? '',
    driver: attachedDriver(
      context,
      detachKeys,
      (say) => say(`Attached to ${project.name}: ${state?.url} ${sessionHint(state?.mode, detachKeys)}`),
      state?.mode === 'debug',
    ),
    begin: () => engine.signal(container.id, 'SIGUSR2'),
    redraw: true,
    order: undefined,
    startLimit: 0,
  });
  await afterSession(context, engine, container.id, session, 'leave');
}
