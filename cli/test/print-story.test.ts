import { reconstructDecision } from '@guardspan/evaluator';
import type { AuditRecord } from '@guardspan/evaluator';
import { describe, expect, it } from 'vitest';
import { printStory } from '../src/audit/print-story.js';
import { auditChain, TRACE } from './support/audit-chain.js';

type Change = (body: Record<string, unknown>) => Record<string, unknown>;

/** What is printed of the chain when the bodies of some kind are others. */
async function printed(kind: AuditRecord['kind'], change: Change, rest: Partial<AuditRecord> = {}): Promise<string[]> {
  const records = auditChain().map((one) =>
    one.kind === kind ? { ...one, ...rest, body: change(one.body as Record<string, unknown>) } : one,
  );
  const pick = (wanted: (record: AuditRecord) => boolean) => Promise.resolve(records.filter(wanted));
  const story = await reconstructDecision(TRACE, {
    byTrace: (traceId) => pick((record) => record.traceId === traceId),
    byVerdicts: (ids) => pick(({ verdictId, kind: other }) => ids.includes(verdictId) && other !== 'decision'),
    documents: (names) => pick(({ kind: other, guardrail }) => other === 'document' && names.includes(guardrail)),
  });
  return printStory(story, false).split('\n');
}

function withTrace(...trace: [expression: string, value: unknown, evaluated: boolean][]): Change {
  return (body) => {
    const [verdict] = body.verdicts as object[];
    if (verdict === undefined) return body;
    return {
      ...body,
      verdicts: [
        { ...verdict, trace: trace.map(([expression, value, evaluated]) => ({ expression, value, evaluated })) },
      ],
    };
  };
}

describe('a story', () => {
  it('counts what was redacted and rewritten', async () => {
    const story = async (redactions: number, rewrites?: number): Promise<string> =>
      (
        await printed('decision', (body) => ({ ...body, redactions, ...(rewrites === undefined ? {} : { rewrites }) }))
      ).join('\n');
    expect(await story(1, 2)).toMatch(/action .* 1 redaction 2 rewritten texts/);
    expect(await story(2, 1)).toMatch(/action .* 2 redactions 1 rewritten text\b(?!s)/);
    expect(await story(0)).not.toMatch(/redaction|rewritten/);
  });
});

describe('what is not known in a story', () => {
  it('is said in words for each part of a condition, and groups of values are left out', async () => {
    const lines = await printed(
      'decision',
      withTrace(
        ['pii.count > 0', true, true],
        ['pii.count', 1, true],
        ['pii', null, true],
        ["pii.entities.exists(e, e == 'email')", true, true],
        ['pii.entities', 'list(1)', true],
        ['tenant', 'string(10)', true],
        ['model.name', 'gpt-4o', true],
        ['e', null, false],
        ['features.income < 3', false, true],
        ['features.income', null, true],
        ['p95', null, true],
        ['tenant == "x"', null, false],
      ),
    );
    expect(
      lines.filter((line) => line.includes('because')).map((line) => line.trim().replace(/^because +/, '')),
    ).toEqual([
      'pii.count > 0 is true',
      'pii.count is 1',
      "pii.entities.exists(e, e == 'email') is true",
      'pii.entities is a list of 1',
      'tenant is a text of 10 characters',
      'model.name is "gpt-4o"',
      'features.income < 3 is false',
      'features.income has no value',
      'p95 has no value',
      'tenant == "x" is not reached',
    ]);
  });

  it.each<[AuditRecord['kind'], Record<string, unknown>, string]>([
    [
      'verdict',
      { state: 'firing', signals: { p95: null, n: 3 } },
      'verdict firing: signals {"p95":"unknown","n":3}, by unknown',
    ],
    ['verdict', { signals: null, series: null }, 'verdict unknown, by unknown'],
    ['directive', { scope: null }, 'directive unknown, by unknown'],
    ['feedback', {}, 'feedback: unknown, by unknown'],
  ])('is said in words in a record of kind %s: %j', async (kind, body, text) => {
    const lines = await printed(kind, () => body, { actor: '' });
    expect(lines.find((line) => line.includes(`Z ${kind}`))).toContain(text);
  });

  it.each(['verdict', 'directive', 'feedback', 'document', 'override'] as const)(
    'never reads null or undefined, whatever a record of kind %s lacks',
    async (kind) => {
      const nothing: Change = (body) =>
        Object.fromEntries(Object.entries(body).map(([key, value]) => [key, key === 'verdicts' ? value : null]));
      expect((await printed(kind, nothing)).join('\n')).not.toMatch(/null|undefined|NaN/);
    },
  );
});
