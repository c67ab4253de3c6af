import { revisionOf } from '../canonical/revision.js';
import type { BoundException, GuardrailException } from './exception/exception-types.js';
import { PACK_PREFIX } from './pack/pack-types.js';
import type { BoundPack, DetectorPack } from './pack/pack-types.js';
import type { DetectorUse, Guardrail, RevisedGuardrail } from './types.js';

/** A document of another kind with its revision. */
export interface Revised<Normal> {
  revision: string;
  normal: Normal;
}

/** What guard-rails are bound with. */
export interface Bindings {
  exceptions: readonly Revised<GuardrailException>[];
  packs: readonly Revised<DetectorPack>[];
}

const bound = new WeakMap<DetectorPack, BoundPack>();
/** A guard-rail to what it was bound with last, and what came of it: most changes bind most guard-rails as before. */
const boundLast = new WeakMap<Guardrail, { stamp: string; revised: RevisedGuardrail }>();

/** What of a pack travels with each use of it; the same object each time, so that it is compiled once. */
export function boundPack(pack: DetectorPack, revision: string): BoundPack {
  let known = bound.get(pack);
  if (known === undefined) bound.set(pack, (known = { revision, entities: pack.spec.entities }));
  return known;
}

/**
 * Puts into each guard-rail what other documents say about it, exceptions and the packs that it uses, so that it can be decided, sent and stored by itself.
 * Its revision then covers that too; a guard-rail that nothing speaks about stays the same object, and a use of a pack that is not there stays without it.
 */
export function bindGuardrails(
  guardrails: readonly RevisedGuardrail[],
  { exceptions, packs }: Bindings,
): readonly RevisedGuardrail[] {
  if (exceptions.length === 0 && packs.length === 0) return guardrails;
  const byGuardrail = exceptionsByGuardrail(exceptions);
  const byName = new Map(
    packs.map(({ revision, normal }) => [`${PACK_PREFIX}${normal.metadata.name}`, boundPack(normal, revision)]),
  );
  return guardrails.map((revised) => {
    const { guardrail: written } = revised;
    const own = byGuardrail.get(written.metadata.name);
    const usesPack = Object.values(written.spec.uses).some(({ detector }) => byName.has(detector));
    if (own === undefined && !usesPack) return revised;
    const stamp = stampOf(written, own ?? [], byName);
    const last = boundLast.get(written);
    if (last?.stamp === stamp) return last.revised;
    const uses = Object.entries(written.spec.uses).map(([name, use]): [string, DetectorUse] => {
      const pack = byName.get(use.detector);
      return [name, pack === undefined || use.external !== undefined ? use : { ...use, pack }];
    });
    const exempt = own === undefined ? {} : { exceptions: own };
    const guardrail = { ...written, spec: { ...written.spec, uses: Object.fromEntries(uses), ...exempt } };
    const bound = { revision: revisionOf(guardrail), guardrail };
    boundLast.set(written, { stamp, revised: bound });
    return bound;
  });
}

/** Which revisions a guard-rail is bound with. */
function stampOf(
  { spec }: Guardrail,
  exceptions: readonly BoundException[],
  packs: ReadonlyMap<string, BoundPack>,
): string {
  const uses = Object.values(spec.uses).map(({ detector }) => packs.get(detector)?.revision ?? '');
  return [...exceptions.map(({ revision }) => revision), '', ...uses].join(' ');
}

function exceptionsByGuardrail(exceptions: Bindings['exceptions']): Map<string, BoundException[]> {
  const byGuardrail = new Map<string, BoundException[]>();
  const ordered = [...exceptions].sort((a, b) => (a.normal.metadata.name < b.normal.metadata.name ? -1 : 1));
  for (const { revision, normal } of ordered) {
    const { match, where, expires } = normal.spec;
    const bound = { name: normal.metadata.name, revision, expires, match, ...(where === undefined ? {} : { where }) };
    for (const name of normal.spec.guardrails) byGuardrail.set(name, [...(byGuardrail.get(name) ?? []), bound]);
  }
  return byGuardrail;
}
