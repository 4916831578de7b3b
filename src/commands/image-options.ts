import { Option } from 'commander';

/** When the base image is pulled. */
export const pullOption = (when: '<when>' | '[when]' = '<when>'): Option =>
  new Option(`--pull ${when}`, 'pull the base image').choices(['always', 'missing', 'never']).default('missing');

/** How a build is shown. */
export const progressOption = (): Option =>
  new Option('--progress <style>', 'how to show it').choices(['auto', 'tty', 'plain', 'quiet']).default('auto');
