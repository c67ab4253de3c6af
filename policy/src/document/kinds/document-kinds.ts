import type { TestSuite } from '../test-suite.js';
import type { Guardrail } from '../types.js';
import type { DocumentKind } from './document-kind.js';
import { guardrailKind } from './guardrail-kind.js';
import { guardrailTestKind } from './guardrail-test-kind.js';

/** What each kind of document comes to. */
export interface NormalForms {
  Guardrail: Guardrail;
  GuardrailTest: TestSuite;
}

/** Name of a kind, as it stands after `kind:`. */
export type KindName = keyof NormalForms;

/** Every kind of document. A new kind is a module beside this one and a line here. */
export const DOCUMENT_KINDS: { readonly [K in KindName]: DocumentKind<NormalForms[K]> } = {
  Guardrail: guardrailKind,
  GuardrailTest: guardrailTestKind,
};

/** The names of {@link DOCUMENT_KINDS}, in their order. */
export const KIND_NAMES = Object.keys(DOCUMENT_KINDS) as KindName[];

/** True for the name of a kind. */
export function isKindName(name: unknown): name is KindName {
  return typeof name === 'string' && Object.hasOwn(DOCUMENT_KINDS, name);
}
