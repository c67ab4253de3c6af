import { API_VERSION } from '../../names.js';
import { normaliseMatch, normaliseMetadata } from '../normalise-parts.js';
import type { ExceptionDocument } from './exception-schema.js';
import type { GuardrailException } from './exception-types.js';

/** The normal form of an exception. Pure. */
export function normaliseException({ metadata, spec }: ExceptionDocument): GuardrailException {
  const { owner, reason, expires, guardrails, match, where, approval } = spec;
  return {
    apiVersion: API_VERSION,
    kind: 'GuardrailException',
    metadata: normaliseMetadata(metadata),
    spec: {
      owner,
      reason,
      expires: Date.parse(expires) / 1000,
      guardrails: [...new Set(guardrails)].sort(),
      match: normaliseMatch(match),
      ...(where === undefined ? {} : { where }),
      ...(approval === undefined ? {} : { approval }),
    },
  };
}
