import { GuardrailSet } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';
import type { DocumentKey } from '../../store/types.js';
import { ApiError } from '../api-error.js';

/**
 * Refuses a change that leaves a guard-rail without something that it uses: a pack, or an entity of it.
 *
 * @param changes Guard-rails that processes would get, bound.
 * @throws ApiError 422 for a guard-rail that uses what is not there, 409 for a pack that others still use
 */
export function checkLinked(key: DocumentKey, changes: readonly RevisedGuardrail[]): void {
  const [broken] = GuardrailSet.compile(changes).errors;
  if (broken === undefined) return;
  if (key.kind === 'Guardrail' && broken.guardrail === key.name)
    throw new ApiError(422, broken.code, `${broken.message}.`, 'Publish the pack first, or correct the name.');
  throw new ApiError(
    409,
    'GUARDSPAN_PACK_IN_USE',
    `The guard-rail ${broken.guardrail} needs it as it is: ${broken.message}.`,
    'Change that guard-rail first.',
  );
}
