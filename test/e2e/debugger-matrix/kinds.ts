import { goesOn, interrupts, passes, quits, raises, starts, steps, stops } from './driver.ts';
import type { Kind } from './kind.ts';

export const kinds: readonly Kind[] = [
  { id: 'stopped', title: '`breakpoint()` in a view', drive: stops, local: 'at a breakpoint()' },
  { id: 'line', title: '`--break FILE:LINE`', drive: stops, local: 'at a line' },
  { id: 'step', title: '`n` from there', drive: steps('line', 'n'), local: 'at a line' },
  { id: 'function', title: '`--break MODULE:FUNCTION`', drive: stops, local: 'at a function' },
  {
    id: 'view',
    title: 'exception in a view',
    drive: raises,
    local: 'in the view',
    headline: 'ValueError: view',
  },
  {
    id: 'template',
    title: 'exception in a template or renderer',
    drive: raises,
    local: 'in the template',
    headline: 'ZeroDivisionError: ',
    absent: ['plain WSGI', 'Falcon'],
  },
  {
    id: 'middleware',
    title: 'exception in middleware, a tween, a hook',
    drive: raises,
    local: 'in the middleware',
    headline: 'ValueError: middleware',
  },
  {
    id: 'answered',
    title: 'exception that an error page of the application answers',
    drive: raises,
    local: 'answered as an error',
    headline: 'LookupError: answered',
  },
  {
    id: 'import',
    title: 'exception in what a request imports; Django: the URLconf',
    drive: raises,
    local: 'in an import',
    headline: 'ValueError: import',
    file: 'broken.py',
  },
  {
    id: 'stream',
    title: 'exception in a generator, after its first chunk',
    drive: raises,
    local: 'in a stream',
    headline: 'ValueError: stream',
  },
  { id: 'loop', title: 'Ctrl-C in a loop, then `c`', drive: interrupts('looping', goesOn), local: 'in a loop' },
  { id: 'sleep', title: 'Ctrl-C in a sleep, then `q`', drive: interrupts('sleeping', quits), local: 'in a sleep' },
  { id: 'passes', title: 'no stop at a 404, a redirect, what has a handler', drive: passes },
  // The last: no server is left.
  {
    id: 'start',
    title: 'exception while the application is loaded',
    drive: starts,
    local: 'at the start',
    file: 'app',
  },
];
