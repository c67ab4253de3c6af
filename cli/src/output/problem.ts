/** One thing that is wrong in a file. Lines and columns count from 1. */
export interface Problem {
  file: string;
  line: number;
  column: number;
  /** Path in the document, e.g. `spec.when`; empty for all of it. */
  path: string;
  /** Stable, listed in docs/errors.md. */
  code: string;
  message: string;
  /** How to mend it. */
  hint: string;
  /** A warning alone does not make a check fail. */
  severity: 'error' | 'warning';
}
