import { createModelCall, type ModelCall } from '@guardspan/policy';
import { expect, test } from 'vitest';
import { PlanIndex } from '../../src/engine/plan-index.js';

const MATCH = {
  services: [],
  models: [],
  versions: [],
  environments: [],
  tenants: [],
  operations: [],
  featureViews: [],
};
const call = (service: string, tenant: string): ModelCall => ({ ...createModelCall(), service, tenant });

function index(length: number) {
  const made: string[] = [];
  const plans = new PlanIndex<{ length: number }>(({ service, tenant }) => {
    made.push(`${service}/${tenant}`);
    return { length };
  });
  return { plans, made };
}

test('makes one plan for all calls that guard-rails cannot tell apart', () => {
  const { plans, made } = index(1);
  plans.reset([{ match: { ...MATCH, services: ['shop'] }, groupBy: [] }]);
  expect(plans.of(call('shop', 'acme'))).toBe(plans.of(call('shop', 'zeta')));
  plans.of(call('bank', 'acme'));
  expect(made).toEqual(['shop/acme', 'bank/acme']);
  plans.reset([{ match: MATCH, groupBy: ['tenant'] }]);
  expect(plans.of(call('shop', 'acme'))).not.toBe(plans.of(call('shop', 'zeta')));
  expect(plans.of(call('shop', 'acme'))).toBe(plans.of(call('bank', 'acme')));
});

test('starts afresh rather than grow without bound', () => {
  const { plans, made } = index(600_000);
  plans.reset([{ match: MATCH, groupBy: ['tenant'] }]);
  for (const tenant of ['a', 'a', 'b', 'a']) plans.of(call('shop', tenant));
  expect(made).toEqual(['shop/a', 'shop/b', 'shop/a']);
});
