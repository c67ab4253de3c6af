import type { Command } from 'commander';
import { EXIT_MEANINGS } from './exit-codes.js';
import { createProgram } from './program.js';

/** Columns of the printed help: the same on every machine. */
const WIDTH = 110;

/** The exit codes, and the help of `guardspan` and of each of its commands, as docs/cli.md shows it: Markdown, a heading and a block of text for each. */
export function printCliReference(): string {
  let text = '';
  const program = createProgram(
    {
      out: (part) => void (text += part),
      drained: () => Promise.resolve(),
      err: () => undefined,
      color: false,
      env: {},
      stdin: process.stdin,
      fetch: globalThis.fetch,
      now: () => 0,
    },
    () => undefined,
  );
  const section = (command: Command, title: string): string => {
    text = '';
    command.configureHelp({ helpWidth: WIDTH }).outputHelp();
    return `## \`${title}\`\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\``;
  };
  const sections = (command: Command, title: string): string[] => [
    section(command, title),
    ...command.commands.flatMap((child) => sections(child, `${title} ${child.name()}`)),
  ];
  return [exitCodes(), ...sections(program, 'guardspan')].join('\n\n');
}

function exitCodes(): string {
  const width = Math.max(...EXIT_MEANINGS.map(([, meaning]) => meaning.length));
  const rows = EXIT_MEANINGS.map(([code, meaning]) => `| ${String(code).padEnd(9)} | ${meaning.padEnd(width)} |`);
  return [
    `## Exit codes`,
    '',
    `| exit code | ${'meaning'.padEnd(width)} |`,
    `| --------- | ${'-'.repeat(width)} |`,
    ...rows,
  ].join('\n');
}
