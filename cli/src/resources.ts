import { CliError } from './cli-io.js';
import { EXIT } from './exit-codes.js';

const RESOURCES = ['guardrails', 'guardrail'];

/** @throws CliError USAGE when the API has no such resource. */
export function ofResources(resource: string): void {
  if (!RESOURCES.includes(resource))
    throw new CliError(EXIT.USAGE, `there is no resource "${resource}"`, `known: ${RESOURCES[0]!}`);
}
