import { loadDocuments } from '@guardspan/policy';
import type { Guardrail } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { approvalReason } from '../../src/http/documents/approval-reason.js';

type Change = Parameters<typeof approvalReason>[0];

function document(kind: 'Guardrail' | 'GuardrailException', spec: string): NonNullable<Change> {
  const text = `
apiVersion: guardspan/v1alpha1
kind: ${kind}
metadata: {name: g}
spec: {${spec}}
`;
  return loadDocuments(text, { file: 'g.yaml' }).documents[kind][0]!;
}
const guardrail = (keys: string): NonNullable<Change> =>
  document('Guardrail', `at: request, when: streamed, action: {deny: {}}${keys}`);
const exception = (keys: string): NonNullable<Change> =>
  document(
    'GuardrailException',
    `owner: o, reason: r, expires: 2027-01-01, guardrails: [g], match: {services: [s]}${keys}`,
  );

const enforced = guardrail(', mode: enforce');
const watched = guardrail(', approval: required');
const why = (before: Change, next: Change, inForce: Change = undefined): string =>
  approvalReason(before, next, () => (inForce === undefined ? [] : [inForce.normal as Guardrail]));

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
    ['a document that requires one', undefined, watched],
    ['a word of a document that requires one', watched, guardrail(', approval: required, description: x')],
    ['that a document no longer requires one', watched, guardrail('')],
    ['the removal of a document that requires one', watched, undefined],
    ['an exception that requires one', undefined, exception(', approval: required')],
  ])('%s', (_, before, next) => expect(why(before, next)).not.toBe(''));

  it.each([
    ['nothing changes', enforced, enforced],
    ['only its words change', enforced, guardrail(', mode: enforce, description: x')],
    ['it enforces nowhere', undefined, guardrail(', overrides: [{environments: [live], mode: warn}]')],
    ['it is lowered', enforced, guardrail(', mode: warn')],
    ['it is removed', enforced, undefined],
    ['it exempts from a guard-rail that requires none', undefined, exception('')],
  ])('not when %s', (_, before, next) => expect(why(before, next)).toBe(''));

  it('when it exempts from a guard-rail that requires one', () => {
    expect(why(undefined, exception(''), watched)).toBe('it exempts from g, which requires an approval.');
  });
});
