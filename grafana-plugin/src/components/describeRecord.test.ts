import type { AuditRecord } from '../api/answers';
import { recorded } from '../test/evaluatorServer';
import { describeRecord } from './describeRecord';

const [record] = recorded<{ items: AuditRecord[] }>('queryAudit').items as [AuditRecord];

it.each([
  ['verdict', { state: 'firing' }, 'slow-model is firing'],
  ['verdict', {}, 'slow-model'],
  ['decision', { action: 'reroute', disposition: 'enforced' }, 'slow-model, reroute, enforced'],
  ['directive', { change: 'released', reason: 'recovered' }, 'released slow-model: recovered'],
])('a record of the kind %s with %j reads: %s', (kind, body, text) => {
  expect(describeRecord({ ...record, kind, body, guardrail: 'slow-model' })).toBe(text);
});
