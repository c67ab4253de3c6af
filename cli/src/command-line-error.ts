import type { Command, CommanderError } from 'commander';
import { CliError, WRONG_USE } from './cli-error.js';

/** What commander adds below a message when something has nearly the same name. */
const SUGGESTION = /^\(Did you mean (.+)\?\)$/s;

/**
 * What the parser of command lines complains about, in the form of our other errors.
 *
 * @param argv The command line, which says whose help to point at.
 */
export function commandLineError(program: Command, argv: readonly string[], { message }: CommanderError): CliError {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  // What may stand there is how to mend it.
  const [, what = first, allowed] = /^(.+? is invalid)\. (.+)$/.exec(first) ?? [];
  const meant = SUGGESTION.exec(rest.join('\n'))?.[1];
  const hints = [
    ...(allowed === undefined ? [] : [allowed.replace(/\.$/, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase())]),
    ...(meant === undefined ? [] : [`did you mean ${meant}?`]),
    `\`${[program.name(), ...commandsOf(program, argv)].join(' ')} --help\` shows what may stand there`,
  ];
  return new CliError(WRONG_USE, what, hints.join('; ').replace('?; ', '? '));
}

/** Names of the command and of those below it that a command line names. */
function commandsOf(program: Command, argv: readonly string[]): string[] {
  const found: string[] = [];
  let command = program;
  for (const word of argv) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) return found;
    found.push(word);
    command = next;
  }
  return found;
}
