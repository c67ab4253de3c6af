import type { GuardrailException } from '../exception/exception-types.js';
import type { DetectorPack } from '../pack/pack-types.js';
import type { TestSuite } from '../test-suite.js';
import type { Guardrail } from '../types.js';
import { detectorPackKind } from './detector-pack-kind.js';
import type { DocumentKind } from './document-kind.js';
import { guardrailExceptionKind } from './guardrail-exception-kind.js';
import { guardrailKind } from './guardrail-kind.js';
import { guardrailTestKind } from './guardrail-test-kind.js';

/** What each kind of document comes to. */
export interface NormalForms {
  Guardrail: Guardrail;
  GuardrailException: GuardrailException;
  GuardrailTest: TestSuite;
  DetectorPack: DetectorPack;
}

/** Name of a kind, as it stands after `kind:`. */
export type KindName = keyof NormalForms;

/** Every kind of document. A new kind is a module beside this one and a line here. */
export const DOCUMENT_KINDS: { readonly [K in KindName]: DocumentKind<NormalForms[K]> } = {
  Guardrail: guardrailKind,
  GuardrailException: guardrailExceptionKind,
  GuardrailTest: guardrailTestKind,
  DetectorPack: detectorPackKind,
};

/** Kinds that an evaluator holds. */
export type HeldKind = Exclude<KindName, 'GuardrailTest'>;

/** The kinds that an evaluator holds, each after what it refers to. */
export const HELD_KINDS = ['DetectorPack', 'Guardrail', 'GuardrailException'] as const satisfies readonly HeldKind[];

/** The names of {@link DOCUMENT_KINDS}, in their order. */
export const KIND_NAMES = Object.keys(DOCUMENT_KINDS) as KindName[];

/** True for the name of a kind. */
export function isKindName(name: unknown): name is KindName {
  return typeof name === 'string' && Object.hasOwn(DOCUMENT_KINDS, name);
}

/** True for the name of a kind that an evaluator holds. */
export function isHeldKind(name: unknown): name is HeldKind {
  return (HELD_KINDS as readonly unknown[]).includes(name);
}
