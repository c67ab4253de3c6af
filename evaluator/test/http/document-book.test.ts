import { bindGuardrails, loadDocuments } from '@guardspan/policy';
import type { HeldKind } from '@guardspan/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentBook } from '../../src/http/documents/document-book.js';
import type { DocumentVersion } from '../../src/store/types.js';
import { document, exceptionOf, packOf } from './harness.js';

function versionOf(kind: HeldKind, text: string): DocumentVersion {
  const { documents, errors } = loadDocuments(text, { file: 'x.yaml' });
  if (errors.length > 0) throw errors[0]!;
  const { name, revision, normal, source } = documents[kind][0]!;
  const rest = { generation: 1, author: 'a', approver: '', at: 1, deleted: false, why: '', breakGlass: null };
  return { kind, name, revision, normal, source, ...rest };
}

const name = fc.constantFrom('a', 'b', 'c');
const guardrail = fc.record({ name, pack: fc.option(fc.constantFrom('p', 'q')), mode: fc.constantFrom('warn', 'off') });
const anyDocument = fc.oneof(
  guardrail.map(({ name, pack, mode }) =>
    versionOf(
      'Guardrail',
      pack === null
        ? document(name, { mode })
        : `${document(name, { mode, when: 'found.count > 0.0' })}  uses: {found: {detector: pack/${pack}, on: prompt.text}}\n`,
    ),
  ),
  fc
    .record({ name, guardrail: name, expires: fc.constantFrom('2027-01-31', '2027-02-28') })
    .map(({ name, ...spec }) => versionOf('GuardrailException', exceptionOf(name, spec))),
  fc
    .record({ name: fc.constantFrom('p', 'q'), word: fc.constantFrom('tulip', 'rose') })
    .map(({ name, word }) => versionOf('DetectorPack', packOf(name, `word: {words: [${word}]}`))),
);
const step = fc.record({ version: anyDocument, leaves: fc.boolean() });

describe('the book of documents', () => {
  it('says of each change what binding everything anew would say', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const book = new DocumentBook();
        for (const { version, leaves } of steps) {
          const before = book.published();
          const had = new Map(
            bindGuardrails(before.guardrails, before.bindings).map((one) => [
              one.guardrail.metadata.name,
              one.revision,
            ]),
          );
          const said = book.changesBy(version, leaves ? undefined : version);
          if (leaves) book.delete(version);
          else book.set(version);
          const { guardrails, bindings } = book.published();
          const changed = bindGuardrails(guardrails, bindings).filter(
            ({ guardrail, revision }) => had.get(guardrail.metadata.name) !== revision,
          );
          expect(said).toEqual(changed);
        }
      }),
    );
  });
});
