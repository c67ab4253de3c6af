import type { DocumentVersion } from '../../store/types.js';
import type { DocumentBook } from './document-book.js';

/** What is no reason to refuse a document, and what its author will want to know; plain sentences. */
export function documentWarnings(version: DocumentVersion, book: DocumentBook, now: number): string[] {
  if (version.kind !== 'GuardrailException') return [];
  const { expires, guardrails } = (version as DocumentVersion<'GuardrailException'>).normal.spec;
  return [
    ...(expires <= now ? ['It has expired: it exempts nothing.'] : []),
    ...guardrails
      .filter((name) => book.get({ kind: 'Guardrail', name }) === undefined)
      .map((name) => `There is no guard-rail ${name} yet: it exempts nothing from it.`),
  ];
}
