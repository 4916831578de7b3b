import type { Output } from '../log.ts';
import { untilReady } from '../session/drivers.ts';
import { plainText } from '../session/piped.ts';
import type { Driver } from '../session/session.ts';

/** Collects what a start in the background prints, to be shown if it fails; what its hooks print is shown in any case. */
export interface Collector {
  driver(): Driver;
  show(out: Output): void;
}

/** A collector for one start; `hooks` gets the lines of those that have ended. */
export function collector(hooks: (text: string) => void = () => undefined): Collector {
  const plain = plainText();
  let text = '';
  return {
    driver: () =>
      untilReady(
        (chunk) => {
          text += plain(chunk);
        },
        () => {
          hooks(text.trimEnd());
          text = '';
        },
      ),
    show(out) {
      if (text.trim() !== '') out.warn(text.trimEnd());
    },
  };
}
