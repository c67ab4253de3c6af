import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import { requiredLevel } from '../../src/channel/required-level.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import { settleSampling, traceShare } from '../../src/decide/settle-sampling.js';
import type { Decision } from '../../src/decide/types.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';
import type { RevisedGuardrail } from '../../src/document/types.js';
import { QUIET_HOST } from '../support/quiet-host.js';

function guardrails(...specs: [name: string, action: object, mode?: string][]): RevisedGuardrail[] {
  const text = specs.map(([name, action, mode = 'enforce']) =>
    JSON.stringify({
      ...{ apiVersion: 'guardspan/v1alpha1', kind: 'Guardrail', metadata: { name } },
      spec: { at: 'request', when: 'true', mode, action },
    }),
  );
  const loaded = loadGuardrails(text.join('\n---\n'), { file: 'sample' });
  expect(loaded.errors).toEqual([]);
  return loaded.guardrails;
}
const sample = (percent: number): object => ({ sample: { percent } });

function decide(list: RevisedGuardrail[]): Decision {
  return GuardrailSet.compile(list).set.decide({
    ...{ point: 'request', call: createModelCall(), texts: () => [], directives: [], freshness: 'live' },
    host: QUIET_HOST,
  });
}

describe('a sample', () => {
  it('marks the traces of its share, and is recorded for no other', () => {
    const decision = decide(guardrails(['a', sample(10)]));
    expect(settleSampling(decision, 9.9)).toMatchObject({ action: 'sample', disposition: 'enforced', sample: true });
    const other = settleSampling(decision, 10);
    expect(other).toMatchObject({ action: 'allow', disposition: 'allow', verdicts: [{ disposition: 'allow' }] });
    expect(other.sample).toBeUndefined();
    expect(other.sampling).toBeUndefined();
  });

  it('stands beside other samples and other actions', () => {
    const decision = decide(guardrails(['a', sample(10)], ['b', sample(50)], ['c', { deny: {} }]));
    const settled = settleSampling(decision, 30);
    expect(settled).toMatchObject({ action: 'deny', disposition: 'enforced', sample: true });
    expect(settled.verdicts.map(({ disposition }) => disposition)).toEqual(['allow', 'enforced', 'enforced']);
  });

  it('only records outside of enforce', () => {
    const decision = decide(guardrails(['a', sample(100), 'warn']));
    expect(decision).toMatchObject({ action: 'allow', disposition: 'would_act' });
    expect(settleSampling(decision, 0)).toBe(decision);
  });

  it('needs a process that knows it', () => {
    expect(requiredLevel(guardrails(['a', sample(1)])[0]!.guardrail)).toBe(6);
  });
});

describe('the place of a trace', () => {
  it('is the same everywhere, and spreads traces evenly', () => {
    // A client in another language has to come to the same number.
    expect(traceShare('4bf92f3577b34da6a3ce929d0e0e4736')).toBe(traceShare('4bf92f3577b34da6a3ce929d0e0e4736'));
    const shares = Array.from({ length: 10_000 }, (_, n) => traceShare(n.toString(16).padStart(32, '0')));
    for (const percent of [1, 10, 50]) {
      const marked = shares.filter((share) => share < percent).length / 100;
      expect(Math.abs(marked - percent)).toBeLessThan(1.5);
    }
    expect(shares.every((share) => share >= 0 && share < 100)).toBe(true);
  });
});
