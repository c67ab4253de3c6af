import { GuardspanError } from '../error.js';

/** One thing that is wrong in a file of documents. Lines and columns count from 1. */
export class LoadError extends GuardspanError {
  override readonly name = 'LoadError';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Path in the document, e.g. `spec.over.signals.p95.of`; empty for the whole document. */
  readonly path: string;

  constructor(
    code: string,
    message: string,
    hint: string,
    place: { file: string; line: number; column: number; path: string },
  ) {
    super(code, message, hint);
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
    this.path = place.path;
  }
}
