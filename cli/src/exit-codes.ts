/** Exit codes of every command; documented in docs/cli.md. */
export const EXIT = {
  /** Done, nothing wrong. */
  OK: 0,
  /** The input has errors, or the server refused. */
  FAILED: 1,
  /** The command line itself is wrong. */
  USAGE: 2,
  /** The server cannot be reached. */
  UNREACHABLE: 3,
} as const;
