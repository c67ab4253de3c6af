import { describe, expect, it } from 'vitest';
import { loadDocuments } from '../../src/document/load-documents.js';

const document = (name: string): string => `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${name} } # of ${name}
spec: { at: request, when: streamed, action: { deny: {} } }
`;
const sources = (text: string): string[] =>
  loadDocuments(text, { file: 'x.yaml' }).documents.Guardrail.map(({ source }) => source);

describe('the source of a document', () => {
  it('holds the comments above, inside and below it, and no markers', () => {
    const text = `# licence\n\n# why a\n${document('a')}# end of a\n---\n# why b\n${document('b')}...\n# why c\n---\n${document('c')}`;
    expect(sources(text)).toEqual([
      `# licence\n# why a\n${document('a')}# end of a\n`,
      `# why b\n${document('b')}`,
      `# why c\n${document('c')}`,
    ]);
  });

  it.each([
    ['a mark of byte order', `\ufeff# why\n${document('a')}`, `# why\n${document('a')}`],
    ['a directive', `%YAML 1.2\n---\n# why\n${document('a')}`, `# why\n${document('a')}`],
    [
      'lines of Windows',
      `# why\r\n${document('a').replaceAll('\n', '\r\n')}`,
      `# why\n${document('a').trimEnd().replaceAll('\n', '\r\n')}\n`,
    ],
    ['no comment', document('a'), document('a')],
  ])('is clean of what stands around it: %s', (_, text, source) => {
    expect(sources(text)).toEqual([source]);
  });

  it('is the same document when it is loaded again', () => {
    const text = `# a\n${document('a')}---\n# b\n${document('b')}`;
    const { documents } = loadDocuments(text, { file: 'x.yaml' });
    for (const { source, revision } of documents.Guardrail) {
      const [again] = loadDocuments(source, { file: 'y.yaml' }).documents.Guardrail;
      expect([again!.revision, again!.source]).toEqual([revision, source]);
    }
  });
});
