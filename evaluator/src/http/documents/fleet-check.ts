import { strictestMode, type RevisedGuardrail } from '@guardspan/policy';
import type { DocumentVersion } from '../../store/types.js';
import { ApiError } from '../api-error.js';
import type { FleetView, IncompatibleInstance, PublishInput } from '../deps.js';

/**
 * What the connected processes make of a change: who cannot load what it sends them, and whether a guard-rail can act anywhere.
 *
 * @param changes Guard-rails that processes would get, bound.
 * @throws ApiError 409: inert and meant to enforce, or not loadable without `allowPartial`
 */
export function checkFleet(
  fleet: Pick<FleetView, 'inert' | 'incompatible'>,
  version: DocumentVersion,
  changes: readonly RevisedGuardrail[],
  input: Pick<PublishInput, 'allowPartial' | 'dryRun'>,
): { incompatible: IncompatibleInstance[]; warnings: string[] } {
  const inert = inertReason(fleet, version);
  const incompatible = changes.flatMap((revised) => fleet.incompatible(revised));
  if (incompatible.length > 0 && !input.allowPartial && !input.dryRun) {
    throw new ApiError(
      409,
      'GUARDSPAN_INCOMPATIBLE',
      `${incompatible.length} connected processes cannot load it.`,
      'Upgrade or configure them, or publish with allowPartial.',
      {
        errors: incompatible.slice(0, 100).map((one) => ({
          code: one.code,
          message: `${one.service}/${one.instance}: ${one.message}`,
          line: 0,
          column: 0,
          path: '',
          hint: '',
        })),
      },
    );
  }
  return { incompatible, warnings: inert === null ? [] : [`It can act nowhere yet: ${inert}`] };
}

function inertReason(fleet: Pick<FleetView, 'inert'>, version: DocumentVersion): string | null {
  if (version.kind !== 'Guardrail') return null;
  const revised = { revision: version.revision, guardrail: (version as DocumentVersion<'Guardrail'>).normal };
  const mode = strictestMode(revised.guardrail.spec);
  const inert = mode === 'off' ? null : fleet.inert(revised);
  if (inert === null || mode !== 'enforce') return inert;
  throw new ApiError(
    409,
    'GUARDSPAN_INERT',
    `It can act nowhere: ${inert}`,
    'Publish it with mode warn, or patch a client that can carry out its action.',
  );
}
