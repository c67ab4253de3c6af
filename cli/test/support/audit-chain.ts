import type { AuditEntry, AuditRecord } from '@guardspan/evaluator';
import { auditLine, chainRecord, GENESIS_HASH } from '@guardspan/evaluator';

export const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const REVISION = 'ab'.repeat(32);

function entry(kind: AuditEntry['kind'], at: number, rest: Partial<AuditEntry>): AuditEntry {
  return { kind, at, actor: 'evaluator', guardrail: '', traceId: '', verdictId: '', body: {}, ...rest };
}

/** The audit of a throttled call: publication, verdict, directive, decision, feedback, release; and another call. */
export function auditChain(): AuditRecord[] {
  const guardrail = 'token-budget';
  const verdictId = 'c0ffee00c0ffee00c0ffee00c0ffee00';
  const decision = {
    traceId: TRACE,
    spanId: '00f067aa0ba902b7',
    callId: '',
    at: 1_700_000_300,
    model: 'gpt-4o',
    modelVersion: '2024-08-06',
    action: 'throttle',
    disposition: 'enforced',
    directive: 'd-1',
    rerouteTo: '',
    redactions: 0,
    verdicts: [
      {
        id: verdictId,
        guardrail,
        revision: REVISION,
        mode: 'enforce',
        point: 'windowed',
        outcome: 'violation',
        code: 'condition',
        message: 'a tenant spends too much',
        action: 'throttle',
        disposition: 'enforced',
        trace: [{ expression: 'tokens > 100000', value: true, evaluated: true }],
        directive: 'd-1',
      },
    ],
  };
  const entries: AuditEntry[] = [
    entry('system', 1_700_000_000, { body: { change: 'started' } }),
    entry('document', 1_700_000_100, {
      actor: 'ada',
      guardrail,
      body: { change: 'created', revision: REVISION, approver: 'grace' },
    }),
    entry('verdict', 1_700_000_200, {
      guardrail,
      verdictId,
      body: {
        state: 'firing',
        series: { tenant: 'acme' },
        disposition: 'enforced',
        signals: { tokens: { value: 150000 } },
      },
    }),
    entry('directive', 1_700_000_201, {
      guardrail,
      verdictId,
      body: { change: 'issued', id: 'd-1', epoch: 3, scope: { tenant: 'acme' } },
    }),
    entry('decision', 1_700_000_300, {
      actor: 'agent:shop/pod-1',
      guardrail,
      verdictId,
      traceId: TRACE,
      body: decision,
    }),
    entry('decision', 1_700_000_301, {
      actor: 'agent:shop/pod-2',
      traceId: '1'.repeat(32),
      body: { ...decision, verdicts: [] },
    }),
    entry('feedback', 1_700_000_400, {
      actor: 'joan',
      guardrail,
      verdictId,
      body: { judgement: 'false_alarm', reason: 'a planned migration' },
    }),
    entry('override', 1_700_000_401, {
      actor: 'joan',
      guardrail,
      verdictId,
      body: { change: 'released', reason: 'see above' },
    }),
  ];
  const records: AuditRecord[] = [];
  for (const one of entries) records.push(chainRecord(records.at(-1)?.hash ?? GENESIS_HASH, records.length + 1, one));
  return records;
}

/** An export of records. */
export function exportOf(records: readonly AuditRecord[]): string {
  return records.map(auditLine).join('');
}
