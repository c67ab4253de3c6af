import { loadGuardrails } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { approvalReason } from '../../src/http/documents/approval-reason.js';

function guardrail(keys: string): RevisedGuardrail {
  const text = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: g}
spec: {at: request, when: streamed, action: {deny: {}}${keys}}
`;
  return loadGuardrails(text, { file: 'g.yaml' }).guardrails[0]!;
}

const enforced = guardrail(', mode: enforce');

describe('a change needs an approver', () => {
  it.each([
    ['a new guard-rail that enforces', undefined, enforced],
    [
      'one that enforces in one environment only',
      undefined,
      guardrail(', overrides: [{environments: [live], mode: enforce}]'),
    ],
    ['a call less in its scope', enforced, guardrail(", mode: enforce, where: tenant != ''")],
    ['another exclusion', enforced, guardrail(', mode: enforce, exclude: {tenants: [vip]}')],
    [
      'a larger rollout',
      guardrail(', mode: enforce, rollout: {percent: 5, by: tenant}'),
      guardrail(', mode: enforce, rollout: {percent: 50, by: tenant}'),
    ],
    ['another expiry', enforced, guardrail(', mode: enforce, expires: 2027-06-30')],
  ])('%s', (_, before, next) => expect(approvalReason(before, next)).not.toBe(''));

  it.each([
    ['nothing changes', enforced, enforced],
    ['only its words change', enforced, guardrail(', mode: enforce, description: x')],
    ['it enforces nowhere', undefined, guardrail(', overrides: [{environments: [live], mode: warn}]')],
    ['it is lowered', enforced, guardrail(', mode: warn')],
  ])('not when %s', (_, before, next) => expect(approvalReason(before, next)).toBe(''));
});
