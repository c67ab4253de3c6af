import { ATTR, GEN_AI } from '@guardspan/policy/runtime';
import { describe, expect, it } from 'vitest';
import { deniedError } from '../../src/actions/errors.js';
import { withCallAttributes } from '../../src/guard/call-attributes.js';
import { callStart, directive, guardrails, install, makeCore } from './fakes.js';

const MINORS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: adults-only}
spec:
  match: {models: [credit]}
  at: request
  when: features.age < 18
  action: {deny: {status: 403}}
  mode: enforce
`;
const LOW_SCORE = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: score-floor}
spec:
  match: {models: [credit]}
  at: response
  when: output.score < 0.1
  action: {deny: {}}
  mode: enforce
`;

describe('guard core', () => {
  it('says not_evaluated and runs on while it has no guard-rails', () => {
    const { core, fed } = makeCore();
    const call = core.begin(callStart());
    expect(call.run(() => 7)).toBe(7);
    call.end();
    expect(call.decision).toMatchObject({ action: 'allow', disposition: 'not_evaluated' });
    expect(fed[0]?.attributes).toMatchObject({ [ATTR.DISPOSITION]: 'not_evaluated' });
    expect(core.counters.coverage()).toEqual({ calls: 1, guarded: 0, coverage: 0 });
    expect(core.counters.gaps()).toEqual([{ reason: 'no_guardrails', name: 'credit', count: 1 }]);
  });

  it('denies at the request, and the record says so without a model signal of its own', () => {
    const { core, fed } = makeCore();
    install(core, guardrails(MINORS));
    const call = core.begin(callStart({ features: { age: 17 } }));
    expect(call.decision).toMatchObject({ action: 'deny', disposition: 'enforced' });
    call.failed(deniedError(call.decision.end!));
    expect(fed).toHaveLength(1);
    expect(fed[0]!.attributes).toMatchObject({
      [ATTR.ACTION]: 'deny',
      [ATTR.DISPOSITION]: 'enforced',
      [ATTR.VERDICT]: 'violation',
      [ATTR.VERDICT_GUARDRAIL]: 'adults-only',
      [GEN_AI.ERROR_TYPE]: 'GUARDSPAN_DENIED',
    });
    const report = core.counters.take(0, 0, 10)!;
    expect(report.cells[0]).toMatchObject({ started: 1, denied: 1, finished: 0, guarded: 1 });
    expect(report.dispositions).toEqual([
      { guardrail: 'adults-only', disposition: 'enforced', action: 'deny', count: 1 },
    ]);
    expect(core.decisions.take(10, 1 << 20)!.records[0]).toMatchObject({
      model: 'credit',
      action: 'deny',
      disposition: 'enforced',
    });
  });

  it('records a pass of both points as one allow', () => {
    const { core, fed } = makeCore();
    install(core, guardrails(`${MINORS}---${LOW_SCORE}`));
    const call = core.begin(callStart({ features: { age: 40 } }));
    expect(call.answered({ output: { label: 'approve', score: 0.9 } }).disposition).toBe('allow');
    call.end();
    expect(fed[0]!.attributes).toMatchObject({
      [ATTR.DISPOSITION]: 'allow',
      [ATTR.OUTPUT_LABEL]: 'approve',
      [ATTR.OUTPUT_SCORE]: 0.9,
    });
    expect(core.decisions.size).toBe(0);
  });

  it('decides at the response', () => {
    const { core } = makeCore();
    install(core, guardrails(LOW_SCORE));
    const call = core.begin(callStart());
    expect(call.answered({ output: { score: 0.05 } })).toMatchObject({ action: 'deny', disposition: 'enforced' });
  });

  it('says that response guard-rails did not run when nobody read the answer', () => {
    const { core, fed } = makeCore();
    install(core, guardrails(LOW_SCORE));
    core.begin(callStart()).end();
    expect(fed[0]!.attributes).toMatchObject({
      [ATTR.DISPOSITION]: 'allow_failopen',
      [ATTR.VERDICT]: 'not_evaluated',
      [ATTR.VERDICT_GUARDRAIL]: 'score-floor',
    });
  });

  it('applies a directive to the next call of its scope and to no other', () => {
    const { core, fed } = makeCore();
    install(core, []);
    core.directives.apply(1, 1, [directive('d1')]);
    const call = core.begin(callStart());
    expect(call.decision.end).toMatchObject({ kind: 'shutdown', guardrail: 'slow-model' });
    call.failed(deniedError(call.decision.end!));
    expect(fed[0]!.attributes[ATTR.DIRECTIVE_ID]).toBe('d1');
    const other = core.begin(callStart({ model: { ...callStart().model, name: 'other' } }));
    expect(other.decision.end).toBeNull();
  });

  it('does what onStale says when the lease has ended', () => {
    const { core, clock } = makeCore();
    install(core, []);
    core.directives.apply(1, 1, [
      directive('a', { scope: { model: 'keep' }, onStale: 'keep' }),
      directive('b', { scope: { model: 'allow' }, onStale: 'allow' }),
      directive('c', { scope: { model: 'deny' }, onStale: 'deny' }),
    ]);
    clock.advance(61);
    const dispositions = ['keep', 'allow', 'deny'].map(
      (name) => core.begin(callStart({ model: { ...callStart().model, name } })).decision.disposition,
    );
    expect(dispositions).toEqual(['enforced_stale', 'allow_stale', 'deny_stale']);
  });

  it('enforces nothing while a kill switch holds, and again when it ends', () => {
    const { core, clock } = makeCore();
    install(core, guardrails(MINORS));
    const minor = (): string => {
      const { decision } = core.begin(callStart({ features: { age: 3 } }));
      return `${decision.action} ${decision.verdicts[0]?.code}`;
    };
    core.kills.replace([
      {
        id: 'k',
        scope: { guardrail: 'adults-only', model: '', service: 'loans' },
        reason: 'x',
        by: 'y',
        expiresIn: 30,
      },
    ]);
    expect(minor()).toBe('allow killed');
    clock.advance(31);
    expect(minor()).toBe('deny condition');
    core.kills.file = true;
    expect(minor()).toBe('allow killed');
  });

  it('leaves guard-rails alone that a kill switch does not name', () => {
    const { core } = makeCore();
    install(core, guardrails(MINORS));
    core.kills.replace([
      { id: 'k', scope: { guardrail: 'other', model: '', service: '' }, reason: 'x', by: 'y', expiresIn: 0 },
    ]);
    expect(core.begin(callStart({ features: { age: 3 } })).decision.action).toBe('deny');
  });

  it('never does what the local configuration forbids', () => {
    const { core } = makeCore({ allow: ['annotate'] });
    install(core, guardrails(MINORS));
    const { decision } = core.begin(callStart({ features: { age: 3 } }));
    expect(decision).toMatchObject({ action: 'allow', disposition: 'allow_failopen' });
    expect(decision.verdicts[0]?.code).toBe('forbidden_here');
  });

  it('reroutes to declared targets only', () => {
    const { core } = makeCore();
    install(core, []);
    core.directives.apply(1, 1, [directive('d', { action: { type: 'reroute', to: 'previous', percent: 100 } })]);
    expect(core.begin(callStart()).decision.verdicts[0]?.code).toBe('forbidden_here');
    core.declareTarget({ name: 'previous' });
    expect(core.begin(callStart()).decision.reroute?.to).toBe('previous');
  });

  it('counts a rerouted call for the model that answered', () => {
    const { core, fed } = makeCore();
    install(core, []);
    const call = core.begin(callStart());
    call.rerouted('previous', { version: '3.0' });
    call.end();
    expect(fed[0]!.attributes).toMatchObject({
      [ATTR.MODEL_VERSION]: '3.0',
      [ATTR.REROUTE_TO]: 'previous',
      [ATTR.REROUTE_FROM]: 'credit',
    });
  });

  it('evaluates nothing and says so when it is disabled', () => {
    const { core } = makeCore({ disabled: true });
    install(core, guardrails(MINORS));
    expect(core.begin(callStart({ features: { age: 3 } })).decision.disposition).toBe('not_evaluated');
    expect(core.counters.gaps()).toEqual([{ reason: 'disabled', name: 'credit', count: 1 }]);
  });

  it('puts groups and tenant on the feed', () => {
    const { core, fed } = makeCore();
    withCallAttributes({ tenant: 'acme', group: { sex: 'F' }, attrs: { plan: 'pro' }, callId: 'c1' }, () => {
      core.begin(callStart()).end();
    });
    expect(fed[0]!.attributes).toMatchObject({
      [ATTR.TENANT]: 'acme',
      [`${ATTR.GROUP_PREFIX}sex`]: 'F',
      [`${ATTR.ATTRS_PREFIX}plan`]: 'pro',
      [ATTR.CALL_ID]: 'c1',
    });
  });

  it('gives each call ids of its own when there is no SDK', () => {
    const { core, fed } = makeCore();
    for (let i = 0; i < 100; i++) core.begin(callStart()).end();
    expect(new Set(fed.map(({ spanId }) => spanId)).size).toBe(100);
    expect(fed.every(({ traceId }) => /^[0-9a-f]{32}$/.test(traceId) && !/^0+$/.test(traceId))).toBe(true);
  });

  it('ends once: the first of failed and end wins', () => {
    const { core, fed } = makeCore();
    const call = core.begin(callStart());
    call.failed(new TypeError('secret text'));
    call.end({ output: { label: 'late' } });
    expect(fed).toHaveLength(1);
    expect(fed[0]!.attributes[GEN_AI.ERROR_TYPE]).toBe('TypeError');
    expect(JSON.stringify(fed[0]!.attributes)).not.toContain('secret');
  });

  it('lets the call go on when the guard itself breaks', () => {
    const { core } = makeCore({
      tracer: () => {
        throw new Error('broken tracer');
      },
    });
    const call = core.begin(callStart());
    expect(call.run(() => 'answer')).toBe('answer');
    call.end();
    expect(core.failures).toBe(1);
    expect(core.counters.gaps()).toContainEqual({ reason: 'error', name: 'function', count: 1 });
  });

  it('captures what guard-rails name, and no more', () => {
    const { core } = makeCore();
    install(core, guardrails(MINORS));
    expect(core.capture('credit')).toEqual({ features: ['age'], outputs: 'none' });
    expect(core.capture('other')).toEqual({ features: 'none', outputs: 'none' });
  });
  it('captures what a check of values names', () => {
    const { core } = makeCore();
    const rules = 'values: {age: {min: 18}, region: {oneOf: [north]}}';
    const list = guardrails(
      `{apiVersion: guardspan/v1alpha1, kind: Guardrail, metadata: {name: g}, spec: {match: {models: [credit]}, at: response, uses: {inputs: {detector: values, on: features, ${rules}}, limits: {detector: values, on: output.values, values: {limit: {max: 5}}}}, when: "inputs.count > 0 || limits.count > 0", action: {annotate: {attributes: {a: b}}}}}`,
    );
    install(core, list);
    expect(core.capture('credit')).toEqual({ features: ['age', 'region'], outputs: ['limit'] });
  });
});
