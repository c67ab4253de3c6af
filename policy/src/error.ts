/** Base of all errors of Guardspan: a stable code, what is wrong and where (message), and how to mend it (hint). */
export class GuardspanError extends Error {
  override readonly name: string = 'GuardspanError';
  /** Stable, `GUARDSPAN_...`; listed in docs/errors.md. */
  readonly code: string;
  /** How to mend it, one sentence. */
  readonly hint: string;

  constructor(code: string, message: string, hint = '', options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}
