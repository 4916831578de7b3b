import type { Step } from '../scenario.ts';

/** A step in a line, for people. */
export function titleOf(step: Step): string {
  switch (step.kind) {
    case 'request':
      return `${step.method} ${step.path}${step.name === undefined ? '' : ` (${step.name})`}`;
    case 'stop':
      return `stop${step.at === undefined ? '' : ` at ${step.at}`}${step.function === undefined ? '' : ` in ${step.function}`}`;
    case 'commands':
      return step.commands.map(({ run }) => run).join('; ');
    case 'resume':
      return step.how;
    case 'interrupt':
      return 'Ctrl-C';
    case 'response':
      return `response${step.of === undefined ? '' : ` of ${step.of}`}${step.status === undefined ? '' : ` ${step.status}`}`;
    case 'run':
      return `run ${step.command}`;
  }
}
