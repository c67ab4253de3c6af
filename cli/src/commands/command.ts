import type { Command } from 'commander';
import type { CliIo } from '../cli-io.js';

/** Adds one command to the program. `finish` receives its exit code. */
export type AddCommand = (program: Command, io: CliIo, finish: (code: number) => void) => void;

/** For an option that may stand several times with one value each: one that takes several would swallow the argument behind it. */
export function repeated(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
