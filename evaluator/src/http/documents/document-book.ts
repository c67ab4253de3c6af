import { bindGuardrails, HELD_KINDS, PACK_PREFIX } from '@guardspan/policy';
import type { Bindings, HeldKind, RevisedGuardrail } from '@guardspan/policy';
import type { DocumentKey, DocumentVersion } from '../../store/types.js';
import type { PublishedDocuments } from '../deps.js';

type Version<K extends HeldKind = HeldKind> = DocumentVersion<K>;

/** The documents in force, by kind and name, and what the guard-rails come to with the others bound to them. A change costs what it is about, not what there is. */
export class DocumentBook {
  readonly #byName: ReadonlyMap<HeldKind, Map<string, Version>> = new Map(HELD_KINDS.map((kind) => [kind, new Map()]));
  /** Sorted by name, until something of the kind changes. */
  readonly #sorted = new Map<HeldKind, readonly Version[]>();

  /** Sorted by name. */
  list<K extends HeldKind>(kind: K): readonly Version<K>[] {
    let sorted = this.#sorted.get(kind);
    if (sorted === undefined) {
      sorted = [...this.#of(kind).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      this.#sorted.set(kind, sorted);
    }
    return sorted as readonly Version<K>[];
  }

  all(): Version[] {
    return HELD_KINDS.flatMap((kind): readonly Version[] => this.list(kind));
  }

  get<K extends HeldKind>({ kind, name }: DocumentKey<K>): Version<K> | undefined {
    return this.#of(kind).get(name);
  }

  set(version: Version): void {
    this.#of(version.kind).set(version.name, version);
    this.#sorted.delete(version.kind);
  }

  delete({ kind, name }: DocumentKey): void {
    this.#of(kind).delete(name);
    this.#sorted.delete(kind);
  }

  bindings(): Bindings {
    return { exceptions: this.list('GuardrailException'), packs: this.list('DetectorPack') };
  }

  published(): PublishedDocuments {
    return { guardrails: this.list('Guardrail').map(revised), bindings: this.bindings() };
  }

  /**
   * Guard-rails, bound, that processes would get with a change of one document, and do not have yet; sorted by name.
   *
   * @param next Undefined when the document leaves.
   */
  changesBy(key: DocumentKey, next: Version | undefined): readonly RevisedGuardrail[] {
    const before = this.get(key);
    const bindings = this.bindings();
    if (key.kind === 'Guardrail') {
      if (next === undefined) return [];
      const had = before === undefined ? [] : bindGuardrails([revised(before as Version<'Guardrail'>)], bindings);
      const has = bindGuardrails([revised(next as Version<'Guardrail'>)], bindings);
      return has[0]!.revision === had[0]?.revision ? [] : has;
    }
    const about = this.list('Guardrail')
      .filter((one) => [before, next].some((version) => version !== undefined && speaksAbout(version, one)))
      .map(revised);
    const had = bindGuardrails(about, bindings);
    const has = bindGuardrails(about, replaced(bindings, key, next));
    return has.filter(({ revision }, index) => revision !== had[index]!.revision);
  }

  #of<K extends HeldKind>(kind: K): Map<string, Version<K>> {
    // Versions are filed under their kind.
    return this.#byName.get(kind) as Map<string, Version<K>>;
  }
}

/** One text for kind and name; no name holds a slash. */
export function keyText({ kind, name }: DocumentKey): string {
  return `${kind}/${name}`;
}

function revised({ revision, normal }: Version<'Guardrail'>): RevisedGuardrail {
  return { revision, guardrail: normal };
}

/** True when an exception or a pack says something about a guard-rail. */
function speaksAbout(version: Version, { name, normal }: Version<'Guardrail'>): boolean {
  if (version.kind === 'GuardrailException')
    return (version as Version<'GuardrailException'>).normal.spec.guardrails.includes(name);
  const detector = `${PACK_PREFIX}${version.name}`;
  return Object.values(normal.spec.uses).some((use) => use.detector === detector);
}

/** The bindings with one document of them changed, come or gone. */
function replaced({ exceptions, packs }: Bindings, { kind, name }: DocumentKey, next: Version | undefined): Bindings {
  const others = <T extends { normal: { metadata: { name: string } } }>(list: readonly T[]): T[] =>
    list.filter(({ normal }) => normal.metadata.name !== name);
  if (kind === 'GuardrailException') {
    const added = next === undefined ? [] : [next as Version<'GuardrailException'>];
    return { exceptions: [...others(exceptions), ...added], packs };
  }
  const added = next === undefined ? [] : [next as Version<'DetectorPack'>];
  return { exceptions, packs: [...others(packs), ...added] };
}
