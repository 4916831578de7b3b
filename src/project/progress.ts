import type { Output } from '../log.ts';
import { withoutPasswords } from '../passwords.ts';

export type ProgressStyle = 'auto' | 'tty' | 'plain' | 'quiet';

/** Shows a long piece of work as it goes. */
export interface Progress {
  line(text: string): void;
  done(): void;
  failed(): void;
}

/** One line that is redrawn, with the elapsed time, on a terminal; each line as it comes elsewhere (CI, a file). */
export async function buildProgress(out: Output, style: ProgressStyle, title: string): Promise<Progress> {
  if (style === 'quiet' || out.verbosity === 'quiet')
    return { line: () => undefined, done: () => undefined, failed: () => undefined };
  const redrawn = style === 'tty' || (style === 'auto' && out.interactive && out.verbosity !== 'verbose');
  const begun = Date.now();
  const elapsed = (): string => `${Math.round((Date.now() - begun) / 1000)} s`;
  if (!redrawn) {
    out.info(title);
    return {
      line: (text) => out.info(`  ${text}`),
      done: () => out.info(`${title}: done in ${elapsed()}`),
      failed: () => undefined,
    };
  }
  const { default: yoctoSpinner } = await import('yocto-spinner');
  const spinner = yoctoSpinner({ text: title }).start();
  let step = '';
  const tick = setInterval(() => show(), 1000);
  const show = (): void => {
    spinner.text = `${title}  ${elapsed()}${step === '' ? '' : `\n  ${step}`}`;
  };
  const stop = (): void => clearInterval(tick);
  return {
    line(text) {
      step = withoutPasswords(text).replaceAll(/\s+/g, ' ').slice(0, 100);
      show();
    },
    done() {
      stop();
      spinner.success(`${title}: done in ${elapsed()}`);
    },
    failed() {
      stop();
      spinner.error(`${title}: failed after ${elapsed()}`);
    },
  };
}
