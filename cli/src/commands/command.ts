import type { Command } from 'commander';
import type { CliIo } from '../cli-io.js';

/** Adds one command to the program. `finish` receives its exit code. */
export type AddCommand = (program: Command, io: CliIo, finish: (code: number) => void) => void;
