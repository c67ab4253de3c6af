import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import { compileWindowed } from '../../src/decide/compile-windowed.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';

const text = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: w}
spec:
  match: {models: ["m*"]}
  over:
    window: 5m
    groupBy: [tenant, features.region]
    signals:
      women: {ratio: "output.label == 'yes'", among: "group.sex == 'f'"}
      spent: {sum: usage.totalTokens}
      unread: {count: "true"}
  when: "upper.women < 0.8 && spent > 10"
  until: "samples.women > 5.0"
  action: {throttle: {rate: 1}}
  message: spent {spent}, {nobody}
`;
const compiled = compileWindowed(loadGuardrails(text, { file: 'w' }).guardrails[0]!);
const signal = (name: string): (typeof compiled.signals)[number] => compiled.signals.find((one) => one.name === name)!;
const env = (upper: number, spent: number, samples: number): Parameters<typeof compiled.breach>[0] => ({
  value: { women: 0.5, spent, unread: 1 },
  samples: { women: samples, spent: 1, unread: 1 },
  lower: { women: 0.1 },
  upper: { women: upper },
});

describe('a windowed guard-rail', () => {
  it('counts what its expressions say, and leaves out what cannot be judged', () => {
    const call = createModelCall();
    expect(signal('women').among(call)).toBe(false);
    call.group.sex = 'f';
    call.output.label = 'yes';
    expect(signal('women').among(call)).toBe(true);
    expect(signal('women').of(call)).toBe(1);
    expect(signal('spent').of(call)).toBeNaN();
    expect(signal('unread').of(call)).toBe(1);
    expect(compiled.readsGroup).toBe(true);
  });
  it('reads its constants in signals and conditions, and shares no count with other constants', () => {
    const withLimit = (limit: number): ReturnType<typeof compileWindowed> =>
      compileWindowed(
        loadGuardrails(
          JSON.stringify({
            ...{ apiVersion: 'guardspan/v1alpha1', kind: 'Guardrail', metadata: { name: 'p' } },
            spec: {
              params: { limit, vips: ['acme'] },
              over: {
                window: '5m',
                signals: { n: { count: 'duration > params.limit', among: 'tenant in params.vips' } },
              },
              when: 'n > params.limit',
              action: { throttle: { rate: 1 } },
            },
          }),
          { file: 'p' },
        ).guardrails[0]!,
      );
    const [two, three] = [withLimit(2), withLimit(3)];
    const call = { ...createModelCall(), tenant: 'acme', duration: 2.5 };
    expect([two, three].map(({ signals: [n] }) => n!.of(call))).toEqual([1, 0]);
    expect(two.signals[0]!.among({ ...call, tenant: 'other' })).toBe(false);
    expect(two.signals[0]!.expression).not.toBe(three.signals[0]!.expression);
    const counted = { value: { n: 2.5 }, samples: { n: 9 }, lower: {}, upper: {} };
    expect([two, three].map((one) => one.breach(counted))).toEqual([true, false]);
    expect(two.reads).toEqual(['n']);
    expect(two.trace(counted)[0]).toMatchObject({ value: true });
  });
  it('names its series by groupBy, in its order', () => {
    const call = createModelCall();
    call.model.name = 'm1';
    call.tenant = 'acme';
    call.features.region = 7;
    expect(compiled.matches(call)).toBe(true);
    expect(compiled.seriesValues(call)).toEqual(['acme', '7']);
  });
  it('judges breach and recovery by its own conditions', () => {
    expect(compiled.breach(env(0.7, 11, 1))).toBe(true);
    expect(compiled.breach(env(0.9, 11, 1))).toBe(false);
    expect(compiled.breach(env(NaN, 11, 1))).toBe(false);
    expect(compiled.recovered(env(0.7, 11, 6))).toBe(true);
    expect(compiled.recovered(env(0.7, 11, 5))).toBe(false);
    expect([...compiled.reads].sort()).toEqual(['spent', 'women']);
    expect(compiled.readsInterval).toEqual(['women']);
  });
  it('writes its message from the values of signals only', () => {
    expect(compiled.message(env(0.7, 11.00049, 1))).toBe('spent 11, {nobody}');
  });
});
