import { nearestName } from '@guardspan/policy';
import { CliError } from './cli-io.js';
import { EXIT } from './exit-codes.js';

/**
 * The error of a command line that names what does not exist: with the name that was probably meant, and all that exist.
 *
 * @param message What does not exist, e.g. `there is no resource "guardrials"`.
 */
export function unknownName(message: string, written: string, known: readonly string[]): CliError {
  const meant = nearestName(written, known);
  const question = meant === undefined ? '' : `did you mean ${meant}? `;
  return new CliError(EXIT.USAGE, message, `${question}known: ${known.join(', ')}`);
}
