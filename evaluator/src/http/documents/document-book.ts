import { bindGuardrails } from '@guardspan/policy';
import type { Bindings, HeldKind, RevisedGuardrail } from '@guardspan/policy';
import type { DocumentKey, DocumentVersion } from '../../store/types.js';
import type { PublishedDocuments } from '../deps.js';

/** The documents in force, by kind and name, and what the guard-rails come to with the others bound to them. */
export class DocumentBook {
  readonly #current: Map<string, DocumentVersion>;

  constructor(current: Iterable<DocumentVersion> = []) {
    this.#current = new Map([...current].map((version) => [keyText(version), version]));
  }

  list<K extends HeldKind>(kind: K): DocumentVersion<K>[] {
    return [...this.#current.values()]
      .filter((version): version is DocumentVersion<K> => version.kind === kind)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  all(): DocumentVersion[] {
    return [...this.#current.values()];
  }

  get<K extends HeldKind>(key: DocumentKey<K>): DocumentVersion<K> | undefined {
    // The key holds the kind.
    return this.#current.get(keyText(key)) as DocumentVersion<K> | undefined;
  }

  set(version: DocumentVersion): void {
    this.#current.set(keyText(version), version);
  }

  delete(key: DocumentKey): void {
    this.#current.delete(keyText(key));
  }

  /** The book with one document more, or changed. */
  with(version: DocumentVersion): DocumentBook {
    const next = new DocumentBook(this.#current.values());
    next.set(version);
    return next;
  }

  /** The book without one document. */
  without(key: DocumentKey): DocumentBook {
    const next = new DocumentBook(this.#current.values());
    next.delete(key);
    return next;
  }

  published(): PublishedDocuments {
    const guardrails = this.list('Guardrail').map(({ revision, normal }) => ({ revision, guardrail: normal }));
    const bindings: Bindings = { exceptions: this.list('GuardrailException'), packs: this.list('DetectorPack') };
    return { guardrails, bindings };
  }

  /** Guard-rails as processes get them. */
  bound(): readonly RevisedGuardrail[] {
    const { guardrails, bindings } = this.published();
    return bindGuardrails(guardrails, bindings);
  }

  /** Guard-rails of `next` that processes do not have yet, as they get them. */
  changesTo(next: DocumentBook): RevisedGuardrail[] {
    const had = new Map(this.bound().map(({ guardrail, revision }) => [guardrail.metadata.name, revision]));
    return next.bound().filter(({ guardrail, revision }) => had.get(guardrail.metadata.name) !== revision);
  }
}

/** One text for kind and name; no name holds a slash. */
export function keyText({ kind, name }: DocumentKey): string {
  return `${kind}/${name}`;
}
