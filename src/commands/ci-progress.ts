import type { Output } from '../log.ts';
import { at, duration, place, sourceText, tally, title } from '../report/words.ts';
import type { Outcome } from '../scenario/result/result.ts';
import type { Run } from '../scenario/scenario.ts';
import type { Done } from '../scenario/suite/suite.ts';

/** How a run of scenarios goes on, for a person. */
export interface CiProgress {
  start(run: Run): void;
  done(done: Done): void;
  /** No more to come; may be called twice. */
  end(): void;
  summary(results: readonly { readonly outcome: Outcome }[]): void;
}

/** Failures in which the server's last words tell more than the place. */
const ENDED: ReadonlySet<string> = new Set(['crash', 'exit', 'start']);

/** A line for each scenario that ended, and on a terminal one that is redrawn with those under way. */
export async function ciProgress(out: Output, total: number): Promise<CiProgress> {
  const { green, red, magenta, dim } = out.resultColors;
  const words = { passed: green('ok    '), failed: red('FAIL  '), skipped: magenta('skip  ') };
  const running = new Map<Run, number>();
  const spinner = await spinnerOf(out);
  let ended = 0;

  function draw(): void {
    if (spinner === undefined) return;
    const names = [...running].map(([run, since]) => `${run.name} (${duration(Date.now() - since)})`);
    spinner.text = `${ended}/${total}${names.length === 0 ? '' : `  ${names.join(', ')}`}`;
  }

  return {
    start(run) {
      running.set(run, Date.now());
      draw();
    },
    done({ run, result, attempts, kept }) {
      running.delete(run);
      ended += 1;
      spinner?.clear();
      const { outcome, skipped, timings, failure } = result;
      const note =
        skipped ??
        `${duration(timings.totalMs)}${attempts > 1 && outcome === 'passed' ? `, at attempt ${attempts}` : ''}`;
      out.result(`${words[outcome]}${title(result)} ${dim(`(${note})`)}`);
      if (failure !== undefined) {
        const where = place(result);
        out.result(indented(`${at(where.file, where.line)}: ${failure.message}`));
        if (failure.source.length > 0) out.result(indented(sourceText(failure.source)));
        // At a prompt the last that was seen is the source.
        if (failure.lastSeen !== '' && (failure.source.length === 0 || ENDED.has(failure.kind))) {
          out.result(indented(`last seen:\n${failure.lastSeen}`));
        }
        if (kept !== undefined) out.result(indented(`left as it stands: wsgi-dev attach --project-name ${kept.name}`));
      }
      draw();
    },
    end: () => spinner?.stop(),
    summary: (results) => out.result(tally(results)),
  };
}

function indented(text: string): string {
  return text.replace(/^/gm, '      ');
}

async function spinnerOf(out: Output) {
  if (!out.interactive || out.verbosity !== 'normal') return undefined;
  const { default: yoctoSpinner } = await import('yocto-spinner');
  return yoctoSpinner({ text: '' }).start();
}
