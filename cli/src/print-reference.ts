import type { Command } from 'commander';
import { createProgram } from './program.js';

/** Columns of the printed help: the same on every machine. */
const WIDTH = 110;

/** The help of `guardspan` and of each of its commands, as docs/cli.md shows it: Markdown, a heading and a block of text for each. */
export function printCliReference(): string {
  let text = '';
  const program = createProgram(
    {
      out: (part) => void (text += part),
      err: () => undefined,
      color: false,
      env: {},
      stdin: process.stdin,
      fetch: globalThis.fetch,
    },
    () => undefined,
  );
  const section = (command: Command, title: string): string => {
    text = '';
    command.configureHelp({ helpWidth: WIDTH }).outputHelp();
    return `## \`${title}\`\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\``;
  };
  return [
    section(program, 'guardspan'),
    ...program.commands.map((command) => section(command, `guardspan ${command.name()}`)),
  ].join('\n\n');
}
