import { GuardspanError } from '@guardspan/policy/runtime';

/**
 * Codes of a {@link StoreError}. `COMMIT`: the disk refused (full, failing). `FULL`: too many writes wait. `LOCKED`: another process has the directory.
 * `SCHEMA`: written by a newer version. `RUNTIME`: this Node is too old. `INPUT`: a value that cannot be stored. `CLOSED`: closed or its thread ended.
 */
export type StoreErrorCode =
  | 'GUARDSPAN_STORE_COMMIT'
  | 'GUARDSPAN_STORE_FULL'
  | 'GUARDSPAN_STORE_LOCKED'
  | 'GUARDSPAN_STORE_SCHEMA'
  | 'GUARDSPAN_STORE_RUNTIME'
  | 'GUARDSPAN_STORE_INPUT'
  | 'GUARDSPAN_STORE_CLOSED';

/** Why the store could not do what was asked. */
export class StoreError extends GuardspanError {
  override readonly name: string = 'StoreError';
  /** True when the write is kept and will be made as soon as the disk takes it again: do not send it a second time. */
  readonly retained: boolean;

  constructor(
    code: StoreErrorCode,
    message: string,
    hint: string,
    options: ErrorOptions & { retained?: boolean } = {},
  ) {
    super(code, message, hint, options);
    this.retained = options.retained ?? false;
  }
}
