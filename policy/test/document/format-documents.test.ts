import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { formatDocuments } from '../../src/document/format-documents.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';

const cases = new URL('../../../test/cases/document/', import.meta.url);
const inputs = readdirSync(cases).map((name) => [name, readFileSync(new URL(`${name}/input.yaml`, cases), 'utf8')]);
const meanings = (text: string): unknown[] => {
  const parsed = parseAllDocuments(text);
  return (Array.isArray(parsed) ? parsed : []).map((document) => document.toJS() as unknown);
};

describe('formatDocuments', () => {
  it('orders keys by the schema and keeps comments beside what they are about', () => {
    const text = `# About the whole file.
kind: Guardrail
# The name is known to the pager.
metadata: {labels: {b: x}, name: "a"}   # end of line
apiVersion: guardspan/v1alpha1


spec:
  # Why it denies.
  action: {deny: {}}
  when: "streamed"
  # Why here.
  at: request
  tests:
  - expect: {action: deny}
    # The case of March.
    given: {streamed: true}
    name: it's streamed
`;
    expect(formatDocuments(text)).toBe(`# About the whole file.
apiVersion: guardspan/v1alpha1
kind: Guardrail
# The name is known to the pager.
metadata: { name: 'a', labels: { b: x } } # end of line

spec:
  # Why here.
  at: request
  when: 'streamed'
  # Why it denies.
  action: { deny: {} }
  tests:
    - name: it's streamed
      # The case of March.
      given: { streamed: true }
      expect: { action: deny }
`);
  });

  it('spreads brackets that do not fit, wraps folded texts and leaves other texts on their line', () => {
    const words = 'word '.repeat(40).trim();
    const text = `kind: Guardrail\nspec: { description: ${words}, match: { models: [a] } }\nmetadata:\n  annotations: { long: x }\n  name: a\n`;
    expect(formatDocuments(text)).toBe(
      `kind: Guardrail\nmetadata:\n  name: a\n  annotations: { long: x }\nspec:\n  description: ${words}\n  match: { models: [a] }\n`,
    );
    const folded = formatDocuments(`spec:\n  description: >-\n    ${words}\n`).split('\n');
    expect(folded.length).toBeGreaterThan(3);
    expect(Math.max(...folded.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it.each(inputs)('changes nothing of the meaning of the case %s, and nothing at all the second time', (_, text) => {
    let once: string;
    try {
      once = formatDocuments(text!);
    } catch (error) {
      // What cannot be written anew cannot be loaded either.
      const [refused] = loadGuardrails(text!, { file: 'x' }).errors.map(({ code }) => code);
      expect(refused).toMatch(/^GUARDSPAN_(YAML|DOC_UNREADABLE)$/);
      expect(error).toMatchObject({ code: 'GUARDSPAN_FMT_SYNTAX' });
      return;
    }
    expect(formatDocuments(once)).toBe(once);
    expect(meanings(once)).toEqual(meanings(text!).filter((value) => value !== null));
    const revisions = (source: string): string[] =>
      loadGuardrails(source, { file: 'x' }).guardrails.map(({ revision }) => revision);
    expect(revisions(once)).toEqual(revisions(text!));
  });

  it('leaves a line break that is written as such where it is', () => {
    const text = 'spec:\n  description: "Answers of the adviser end with:\\n\\nThis is not financial advice."\n';
    expect(formatDocuments(text)).toBe(text);
  });

  it('does the same for any keys, comments, texts and nesting', () => {
    const key = fc.constantFrom(
      'kind',
      'spec',
      'metadata',
      'name',
      'at',
      'when',
      'tests',
      'given',
      'x',
      'over',
      'signals',
    );
    const scalar = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('a: b', "it's", '# x', '> 1', '\n\n x'),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.dictionary(key, tie('value'), { maxKeys: 5 }),
        fc.array(tie('value'), { maxLength: 4 }),
      ),
    }));
    const document = fc.tuple(fc.dictionary(key, value, { minKeys: 1 }), fc.boolean(), fc.integer({ min: 0, max: 8 }));
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 3 }), (documents) => {
        const text = documents
          .map(([content, flow, at]) => {
            const lines = stringify(content, { collectionStyle: flow ? 'flow' : 'block' }).split('\n');
            // A comment before a line at the left edge is always a comment.
            const edge = lines.findIndex((line, index) => index >= at && /^[a-z]+:/.test(line));
            if (edge > 0 && !flow) lines.splice(edge, 0, `# comment ${at}`);
            return lines.join('\n');
          })
          .join('---\n');
        const once = formatDocuments(text);
        expect(formatDocuments(once)).toBe(once);
        expect(meanings(once)).toEqual(meanings(text));
        for (const comment of text.match(/^# comment \d/gm) ?? []) expect(once).toContain(comment);
      }),
      { numRuns: 300 },
    );
  });

  it('lays JSON out as JSON', () => {
    expect(formatDocuments('{"kind":"Guardrail","apiVersion":"x","spec":{"when":"a","at":"request"}}')).toBe(
      '{\n  "apiVersion": "x",\n  "kind": "Guardrail",\n  "spec": {\n    "at": "request",\n    "when": "a"\n  }\n}\n',
    );
  });

  it('keeps the order of a document with aliases', () => {
    const text = 'spec: &a\n  x: 1\nkind: *a\n';
    expect(formatDocuments(text)).toBe(text);
  });

  it('refuses what is no clean YAML', () => {
    expect(() => formatDocuments('a: [')).toThrow(expect.objectContaining({ code: 'GUARDSPAN_FMT_SYNTAX' }));
    expect(formatDocuments('')).toBe('');
  });
});
