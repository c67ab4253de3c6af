import { DOCUMENT_KINDS } from '@guardspan/policy';
import type { HeldKind } from '@guardspan/policy';
import type { z } from 'zod';
import type { DocumentVersion } from '../../store/types.js';
import type { ApiDeps } from '../deps.js';
import { exceptionViewSchema, guardrailViewSchema, packViewSchema } from '../schemas.js';

/** How the API shows the documents of one kind. */
export interface Collection {
  kind: HeldKind;
  /** Last segment of its path, e.g. `guardrails`. */
  path: string;
  /** Name of one in answers, e.g. `guardrail`. */
  one: string;
  /** What people call one. */
  noun: string;
  /** Tag of its operations. */
  tag: string;
  /** In operation ids, e.g. `Guardrail`. */
  operation: string;
  viewSchema: z.ZodType;
  /** Whether a removal may need an approver. */
  mayWaitToLeave: boolean;
  view(deps: Pick<ApiDeps, 'fleet' | 'clock'>, version: DocumentVersion): unknown;
}

/** The head that documents of every kind have. */
function head({ kind: _kind, normal: _normal, ...rest }: DocumentVersion): object {
  return rest;
}

function collection(
  kind: HeldKind,
  rest: Pick<Collection, 'one' | 'tag' | 'operation' | 'viewSchema' | 'view' | 'mayWaitToLeave'>,
): Collection {
  // Every kind that is held has a collection.
  return { kind, path: DOCUMENT_KINDS[kind].collection!, noun: DOCUMENT_KINDS[kind].noun, ...rest };
}

/** Every kind that an evaluator holds. */
export const COLLECTIONS: readonly Collection[] = [
  collection('Guardrail', {
    one: 'guardrail',
    tag: 'guard-rails',
    operation: 'Guardrail',
    viewSchema: guardrailViewSchema,
    mayWaitToLeave: true,
    view: ({ fleet }, version) => {
      const { revision, normal: guardrail, deleted } = version as DocumentVersion<'Guardrail'>;
      return { ...head(version), guardrail, inert: deleted ? null : fleet.inert({ revision, guardrail }) };
    },
  }),
  collection('DetectorPack', {
    one: 'pack',
    tag: 'packs',
    operation: 'Pack',
    viewSchema: packViewSchema,
    mayWaitToLeave: false,
    view: (_, version) => ({ ...head(version), pack: version.normal }),
  }),
  collection('GuardrailException', {
    one: 'exception',
    tag: 'exceptions',
    operation: 'Exception',
    viewSchema: exceptionViewSchema,
    mayWaitToLeave: true,
    view: ({ clock }, version) => {
      const { normal: exception } = version as DocumentVersion<'GuardrailException'>;
      return { ...head(version), exception, expired: exception.spec.expires <= clock() };
    },
  }),
];
