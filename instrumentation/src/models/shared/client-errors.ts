import type { ClientErrors } from '../../actions/errors.js';

/** A class of errors of a client, of whose constructor only its user knows the parameters. */
export type ErrorClass = new (...args: never[]) => unknown;

/** What is exported under a name, when it is a class of errors. */
export function errorClass(exports: unknown, name: string): ErrorClass | undefined {
  const value: unknown = (exports as { [name: string]: unknown } | null | undefined)?.[name];
  return typeof value === 'function' && value.prototype instanceof Error ? (value as ErrorClass) : undefined;
}

/** The class of an error that the client threw itself. */
function classOf(error: unknown): ErrorClass | undefined {
  return error instanceof Error && error.constructor !== Error ? (error.constructor as ErrorClass) : undefined;
}

/**
 * Errors of a class that the client's module does not export: `fail` makes a client of ours fail with a status, without asking anybody, and `generate` makes an error of the
 * class that this gave.
 */
export function foundErrors(
  fail: () => Promise<unknown>,
  generate: (found: ErrorClass, status: number, message: string, headers: Headers) => unknown,
): ClientErrors {
  let found: ErrorClass | undefined;
  let search: Promise<unknown> | undefined;
  const find = async (): Promise<void> => {
    try {
      await fail();
    } catch (error) {
      found = classOf(error);
    }
  };
  return {
    ready: () => (search ??= find()),
    generate: (status, _body, message, headers) => found && generate(found, status, message, headers),
  };
}

/** Headers as an object of lower-case names. */
export function plainHeaders(headers: Headers): { [name: string]: string } {
  return Object.fromEntries(headers.entries());
}
