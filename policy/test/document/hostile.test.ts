import { describe, expect, it } from 'vitest';
import { formatDocuments } from '../../src/document/format-documents.js';
import { LOAD_LIMITS, loadDocuments } from '../../src/document/load-documents.js';

const document = (labels: string, spec = ''): string => `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: x, labels: { owner: a, severity: high${labels} } }
spec:
  at: request
  when: 'true'
  action: { deny: {} }
  mode: dryrun
${spec}`;
const aliases = Array.from({ length: 12 }, (_, at) =>
  at === 0
    ? 'a0: &a0 [x,x,x,x,x,x,x,x,x]'
    : `a${at}: &a${at} [${Array(9)
        .fill(`*a${at - 1}`)
        .join(',')}]`,
).join('\n');

describe('files that were made to hurt', () => {
  it.each([
    ['flow sequences', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['flow mappings', '{a: '.repeat(50_000)],
    ['block sequences', '- '.repeat(100_000) + 'a'],
  ])('%s without end are nested too deeply', (_, text) => {
    const { errors } = loadDocuments(text, { file: 'x.yaml' });
    expect(errors[0]).toMatchObject({ code: 'GUARDSPAN_YAML', message: 'the document is nested too deeply' });
    expect(errors.length).toBeLessThanOrEqual(LOAD_LIMITS.maxErrors + 1);
    expect(() => formatDocuments(text)).toThrowError(
      expect.objectContaining({ code: 'GUARDSPAN_FMT_SYNTAX' }) as Error,
    );
  });

  it('aliases that multiply are not expanded', () => {
    expect(loadDocuments(aliases, { file: 'x.yaml' }).errors[0]?.code).toBe('GUARDSPAN_DOC_UNREADABLE');
    expect(() => formatDocuments(aliases)).toThrowError(
      expect.objectContaining({ code: 'GUARDSPAN_FMT_SYNTAX' }) as Error,
    );
  });

  it('says how many errors it left out', () => {
    const { errors } = loadDocuments('\t- : ]\n'.repeat(1000), { file: 'x.yaml' });
    expect(errors).toHaveLength(LOAD_LIMITS.maxErrors + 1);
    expect(errors.at(-1)).toMatchObject({
      code: 'GUARDSPAN_DOC_TOO_MANY_ERRORS',
      message: expect.stringMatching(/^\d{3,} more errors are not shown$/) as string,
    });
  });

  it.each([
    ['in labels', document(', __proto__: polluted'), 3],
    ['in quotes', document(', "__proto__": polluted'), 3],
    ['in params', document('', '  params: { __proto__: 5 }\n'), 9],
    ['in uses', document('', '  uses: { __proto__: { detector: pii, on: prompt.text } }\n'), 9],
    ['at the top', `__proto__: { kind: Guardrail }\n${document('')}`, 1],
  ])('refuses the key __proto__ %s', (_, text, line) => {
    const { errors, documents } = loadDocuments(text, { file: 'x.yaml' });
    expect(errors.map(({ code, message, line }) => [code, message, line])).toEqual([
      ['GUARDSPAN_DOC_UNKNOWN_KEY', 'unknown key "__proto__"', line],
    ]);
    expect(documents.Guardrail).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('takes __proto__ in a text for a text', () => {
    expect(loadDocuments(document(", note: '__proto__'"), { file: 'x.yaml' }).errors).toEqual([]);
  });
});
