import { EXIT } from './exit-codes.js';

/** Code of whatever is wrong with a command line: the command ends with 2. */
export const WRONG_USE = 'GUARDSPAN_COMMAND_LINE';
/** Code of an evaluator that gives no answer, and of what is none: the command ends with 3. */
export const UNREACHABLE = 'GUARDSPAN_UNREACHABLE';

/** Ends a command with a message on standard error, and with the exit code that belongs to its code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  /** Stable, listed in docs/errors.md. */
  readonly code: string;
  /** How to mend it. */
  readonly hint: string;

  constructor(code: string, message: string, hint = '') {
    super(message);
    this.code = code;
    this.hint = hint;
  }

  /** Of several problems whose lines name place and code: the code of the first is the code of all. `problems` is not empty. */
  static of(problems: readonly { code: string; text: string }[], hint: string): CliError {
    return new CliError(problems[0]!.code, problems.map(({ text }) => text).join('\n'), hint);
  }

  /** What went wrong, with its code. */
  get text(): string {
    return `${this.code} ${this.message}`;
  }

  get exitCode(): number {
    return this.code === WRONG_USE ? EXIT.USAGE : this.code === UNREACHABLE ? EXIT.UNREACHABLE : EXIT.FAILED;
  }
}
