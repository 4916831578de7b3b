import { existsSync } from 'node:fs';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { type FoundValues, SCHEMA_COPY, starterFile } from '../config/starter.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Context } from './context.ts';

/** Declares `init`. */
export function declareInit(program: Command, context: () => Context): void {
  program
    .command('init')
    .description('write wsgi-dev.yaml from what is found, with every key and its example in comments')
    .option('--force', 'over one that is there')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev init')
    .action(({ force }: { readonly force?: boolean }) => init(context(), force === true));
}

async function init(context: Context, force: boolean): Promise<void> {
  const { flags, cwd, out } = context;
  const named = flags.file === undefined ? undefined : resolve(cwd, flags.file);
  // As every other command takes it.
  const directory = resolve(cwd, flags.projectDirectory ?? (named === undefined ? '.' : dirname(named)));
  const file = named ?? join(directory, 'wsgi-dev.yaml');
  const there = [file, join(directory, 'wsgi-dev.yml')].find((path) => existsSync(path));
  if (there !== undefined && !force) {
    throw new Fault(`${there} is there already, and is left as it is`, {
      code: ExitCode.usage,
      hint: '--force writes over it; `wsgi-dev config` shows what holds.',
    });
  }
  const { found, remarks } = await look(context, directory);
  const [{ keepSchema }, { prepareOwn, writeAsOwner }] = await Promise.all([
    import('../project/schema-copy.ts'),
    import('../project/state.ts'),
  ]);
  const schema = relative(dirname(file), join(directory, SCHEMA_COPY)).split(sep).join(posix.sep);
  try {
    await prepareOwn(directory);
    await keepSchema(directory, context.packageRoot);
    await writeAsOwner(directory, file, starterFile(found, remarks, schema));
  } catch (cause) {
    throw new Fault(`${file} can't be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: ExitCode.usage,
      hint: 'Give yourself write access to the project directory, or name it with -C.',
      cause,
    });
  }
  remarks.forEach(out.info);
  out.info(`Wrote ${basename(file)}`);
}

/** What can be said of the project without asking. */
async function look(
  { flags }: Context,
  directory: string,
): Promise<{ readonly found: FoundValues; readonly remarks: readonly string[] }> {
  const [{ detectApp }, { readProject }, { foundPackages }, { nameOf }, { appText }] = await Promise.all([
    import('../config/detect.ts'),
    import('../config/read-project.ts'),
    import('../config/package-files.ts'),
    import('../config/name.ts'),
    import('../config/shown.ts'),
  ]);
  const detection = detectApp(readProject(directory));
  const { pip, notice } = foundPackages(directory);
  const remarks = 'target' in detection ? detection.notice : detection.fault;
  return {
    found: {
      name: flags.projectName ?? nameOf(directory),
      app: 'target' in detection ? JSON.stringify(appText(detection.target)) : undefined,
      'packages.pip': pip.length === 0 ? undefined : `[${pip.map((path) => basename(path)).join(', ')}]`,
    },
    remarks: [remarks, notice].flatMap((one) => one?.split('\n') ?? []),
  };
}
