import { nearestName } from '@guardspan/policy';
import { CliError, WRONG_USE } from './cli-error.js';

/**
 * The error of a command line that names what does not exist: with the name that was probably meant, and all that exist.
 *
 * @param message What does not exist, e.g. `there is no resource "guardrials"`.
 */
export function unknownName(message: string, written: string, known: readonly string[]): CliError {
  const meant = nearestName(written, known);
  const question = meant === undefined ? '' : `did you mean ${meant}? `;
  return new CliError(WRONG_USE, message, `${question}known: ${known.join(', ')}`);
}
