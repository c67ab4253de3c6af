/** Exit codes of every command. */
export const EXIT = {
  OK: 0,
  FAILED: 1,
  USAGE: 2,
  UNREACHABLE: 3,
} as const;

/** What each exit code means, in order: the one source of docs/cli.md and of the help. */
export const EXIT_MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.OK, 'done, nothing wrong'],
  [EXIT.FAILED, 'the input has errors, a test failed, something differs that must not, or the server refused'],
  [EXIT.USAGE, 'the command line is wrong: unknown option, missing argument, wrong path, wrong setting of `serve`'],
  [EXIT.UNREACHABLE, 'the server cannot be reached, does not answer, or is no evaluator'],
];
