import { Argument, type Command } from 'commander';
import type { Completion, Kind } from '../completion/complete.ts';
import type { Context } from './context.ts';

/** Declares `completion`, and the hidden command that its scripts ask. */
export function declareCompletion(program: Command, context: () => Context): void {
  program
    .command('completion')
    .description('what a shell reads to complete commands, options, projects and files')
    .addArgument(new Argument('<shell>', 'which').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      '\nExample:\n  $ wsgi-dev completion bash >~/.local/share/bash-completion/completions/wsgi-dev',
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { scripts } = await import('../completion/scripts.ts');
      context().out.result(scripts[shell]);
    });
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .passThroughOptions()
    .action(async (words: readonly string[]) => {
      const { complete } = await import('../completion/complete.ts');
      const made = context();
      const completion = complete(program, words);
      for (const line of await lines(made, completion, words.at(-1) ?? '')) made.out.result(line);
    });
}

async function lines(
  context: Context,
  { candidates, kind, prefix }: Completion,
  word: string,
): Promise<readonly string[]> {
  const shells = kind === 'files' || kind === 'directories';
  const values = kind === undefined || shells ? [] : await lookUp(context, kind).catch(() => []);
  const more = values.map((value) => ({ value: `${prefix}${value}`, description: '' }));
  const all = [...candidates, ...more.filter(({ value }) => value.startsWith(word))];
  const rest = shells ? kind : kind === 'breakpoints' ? 'files' : 'nothing';
  return [...all.map(({ value, description }) => `${value}\t${description}`), `:${rest}`];
}

/** What is found on this machine, and on the engine; nobody waits for one that doesn't answer. */
async function lookUp(context: Context, kind: Exclude<Kind, 'files' | 'directories'>): Promise<readonly string[]> {
  switch (kind) {
    case 'contexts': {
      const [{ contextNames }, { dockerConfig }] = await Promise.all([
        import('../engine/context.ts'),
        import('../engine/endpoint.ts'),
      ]);
      return contextNames(dockerConfig(context.env));
    }
    case 'projects': {
      const [engine, { label }] = await Promise.all([context.engine(), import('../plan/labels.ts')]);
      const all = await Promise.race([engine.list({}), after(1000)]);
      return [...new Set((all ?? []).flatMap(({ labels }) => labels[label.project] ?? []))].sort();
    }
    case 'breakpoints': {
      const [{ readBreaks, stateDirectory }, { directory }] = await Promise.all([
        import('../project/state.ts'),
        context.project(),
      ]);
      return await readBreaks(stateDirectory(directory));
    }
    case 'services': {
      const [{ serviceNames }, { directory }] = await Promise.all([
        import('../integrate/compose/services.ts'),
        context.project(),
      ]);
      return serviceNames(directory, context.env);
    }
    case 'networks': {
      const engine = await context.engine();
      const all = await Promise.race([engine.networks({}), after(1000)]);
      return ['host', ...(all ?? []).map(({ name }) => name).filter((name) => !/^(host|none|bridge)$/.test(name))];
    }
    case 'debuggers':
      return (await import('../config/debugger.ts')).debuggerNames;
    case 'pythons':
      return (await import('../config/parsers.ts')).suitePythons;
  }
}

function after(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds, undefined).unref());
}
