import type { RunnerEvent } from './events.ts';

/** Tells a person who looks elsewhere that a stop waits: what to write to their terminal for it. */
export interface Notice {
  /** A bell, a title and, where it is asked for, a desktop notice at a stop; the old title where that ends. */
  event(event: RunnerEvent): string;
  /** The session ends, in the midst of a stop or not. */
  end(): string;
}

export interface NoticeOptions {
  readonly project: string;
  /** A desktop notice is asked for. */
  readonly desktop: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const BEL = '\x07';
const ST = '\x1b\\';
/** Terminals that have no title, and show what they don't know. */
const PLAIN = /^(dumb|linux)?$/;
/** Behind them the program runs on, or there is none any more. */
const OVER: ReadonlySet<unknown> = new Set(['resume', 'crash', 'ready', 'exit']);

/** For the terminal that `env` describes; undefined where it can show none of it. */
export function stopNotice({ project, desktop, env }: NoticeOptions): Notice | undefined {
  if (PLAIN.test(env.TERM ?? '')) return undefined;
  let titled = false;

  function title(text: string): string {
    // XTWINOPS: the old titles are kept on a stack.
    const keep = titled ? '' : '\x1b[22;0t';
    titled = true;
    return `${keep}\x1b]0;${text}${BEL}`;
  }

  function end(): string {
    if (!titled) return '';
    titled = false;
    return '\x1b[23;0t';
  }

  return {
    event(event) {
      if (OVER.has(event.event)) return end();
      // A terminal that comes back is told of a stop by the answer to its question: its person is there.
      const comesBack = event.event === 'redraw' && event.file !== undefined;
      if (event.event !== 'stop' && !comesBack) return '';
      const text = harmless(`paused ${event.file}:${event.line} – ${project}`);
      const isNews = event.event === 'stop' && event.reason !== 'step';
      return isNews ? BEL + title(text) + (desktop ? desktopNotice(text, env) : '') : title(text);
    },
    end,
  };
}

/** Each terminal has a sequence of its own; those that know none ignore it. */
function desktopNotice(text: string, env: NoticeOptions['env']): string {
  const term = env.TERM ?? '';
  if (env.KITTY_WINDOW_ID || term === 'xterm-kitty') return throughTmux(`\x1b]99;;${text}${ST}`, env);
  if (env.VTE_VERSION || /^(rxvt|foot)/.test(term)) {
    return throughTmux(`\x1b]777;notify;wsgi-dev;${text.replaceAll(';', ',')}${BEL}`, env);
  }
  return throughTmux(`\x1b]9;${text}${BEL}`, env);
}

/** tmux hands on what it is asked to (where its allow-passthrough is on), and swallows the rest. */
function throughTmux(sequence: string, { TMUX }: NoticeOptions['env']): string {
  return TMUX ? `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}${ST}` : sequence;
}

/** A file's name may hold anything: nothing in it ends the sequence or begins another. */
function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
