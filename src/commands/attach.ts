import type { Command } from 'commander';
import { parseBoolean } from '../config/parsers.ts';
import { nonceOf, runningContainer, shownUrl, stateOf } from '../project/container.ts';
import { readState } from '../project/state.ts';
import type { Context } from './context.ts';
import { afterSession } from './ending.ts';
import { attachedDriver, checkTerminal, detachKeysOption, sessionHint } from './terminal.ts';

interface AttachOptions {
  readonly detachKeys: Buffer;
  readonly notify?: boolean;
}

/** Declares `attach`. */
export function declareAttach(program: Command, context: () => Context): void {
  program
    .command('attach')
    .description('back to the terminal of the running server, with the output that led to the prompt')
    .addOption(detachKeysOption())
    .option('--notify', 'a desktop notice when a stop waits (default: as the server was started)')
    .option('--no-notify', 'none')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev attach')
    .action((options: AttachOptions) => attach(context(), options));
}

async function attach(context: Context, { detachKeys, notify }: AttachOptions): Promise<void> {
  const [engine, project] = await Promise.all([context.engine(), context.project()]);
  const container = await runningContainer(engine, project);
  const state = await readState(stateOf(container, project));
  if (state?.mode === 'debug') checkTerminal(context, state.debugger);
  const url = state && shownUrl(container, state.url);
  const at = url === undefined ? '' : `: ${url}`;
  const { runSession } = await import('../session/session.ts');
  const session = await runSession({
    engine,
    container: container.id,
    nonce: await nonceOf(container, project),
    driver: attachedDriver(context, {
      project: project.name,
      detach: detachKeys,
      notify: notify ?? usuallyNotified(context.env.WSGI_DEV_NOTIFY) ?? state?.notify ?? false,
      lines: state?.mode === 'debug' && state.debugger !== 'debugpy',
      onReady: (say) => say(`Attached to ${project.name}${at} ${sessionHint(state?.mode, detachKeys)}`),
    }),
    begin: () => engine.signal(container.id, 'SIGUSR2'),
    redraw: true,
    order: undefined,
    startLimit: 0,
  });
  await afterSession(context, engine, container.id, session, 'leave');
}

function usuallyNotified(variable: string | undefined): boolean | undefined {
  const parsed = parseBoolean(variable ?? '');
  return 'value' in parsed ? parsed.value : undefined;
}
