import { type Command, Help, type HelpConfiguration } from 'commander';

/** A longer term has its description below it: on a narrow terminal the words need the room. */
const WIDEST_TERM = 24;

/** How every command's --help is laid out. */
export const helpLayout: HelpConfiguration = {
  minWidthToWrap: 20,
  // Every command has options: to say so of each is of no use.
  subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(written)].join(' '),
  padWidth: (command, helper) => Math.min(Help.prototype.padWidth.call(helper, command, helper), WIDEST_TERM),
  formatItem(term, width, description, helper) {
    const item = (text: string): string => Help.prototype.formatItem.call(helper, text, width, description, helper);
    if (description === '' || helper.displayWidth(term) <= width) return item(term);
    return `  ${term}\n${item('')}`;
  },
};

/** `<command...>`, `[path...]` */
function written(argument: Command['registeredArguments'][number]): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
