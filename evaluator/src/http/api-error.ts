import { GuardspanError } from '@guardspan/policy/runtime';

/** One place of a request that is wrong. */
export interface Problem {
  code: string;
  message: string;
  /** From 1; 0 when there is none. */
  line: number;
  column: number;
  path: string;
  hint: string;
}

/** A refusal of the API: becomes a problem document (RFC 9457) with this status. */
export class ApiError extends GuardspanError {
  override readonly name: string = 'ApiError';
  readonly status: number;
  /** All that is wrong, when it is more than one thing. */
  readonly errors: readonly Problem[];
  readonly headers: { readonly [name: string]: string };

  constructor(
    status: number,
    code: string,
    message: string,
    hint: string,
    more: { errors?: readonly Problem[]; headers?: { [name: string]: string } } = {},
  ) {
    super(code, message, hint);
    this.status = status;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}
