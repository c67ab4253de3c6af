import { context, SpanKind, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { bindGuardrails } from '@guardspan/policy';
import type { GuardrailException } from '@guardspan/policy';
import { ATTR, GuardrailSet } from '@guardspan/policy/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { withCallAttributes } from '../../src/guard/call-attributes.js';
import { callStart, guardrails, makeCore } from './fakes.js';

type Config = NonNullable<ConstructorParameters<typeof NodeSDK>[0]>;
type Processor = NonNullable<Config['spanProcessors']>[number];
type EndedSpan = Parameters<Processor['onEnd']>[0];

describe('span and feed record of a call', () => {
  let sdk: NodeSDK | null = null;
  afterEach(async () => {
    await sdk?.shutdown();
    trace.disable();
    context.disable();
  });

  /** Starts an SDK that keeps all spans or none; returns those that were exported. */
  function started(keep: boolean): EndedSpan[] {
    const ended: EndedSpan[] = [];
    const processor: Processor = {
      onStart: () => undefined,
      onEnd: (span) => ended.push(span),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    // 2 is "record and sample", 0 is "drop" (OpenTelemetry's SamplingDecision).
    const sampler = { shouldSample: () => ({ decision: keep ? 2 : 0 }), toString: () => 'fixed' };
    sdk = new NodeSDK({
      spanProcessors: [processor],
      sampler,
      metricReaders: [],
      logRecordProcessors: [],
      autoDetectResources: false,
    });
    sdk.start();
    return ended;
  }

  it('name the exception that exempted the call, and count it', () => {
    const ended = started(true);
    const { core } = makeCore();
    const written = guardrails(
      '{apiVersion: guardspan/v1alpha1, kind: Guardrail, metadata: {name: g}, spec: {at: request, when: "true", action: {deny: {}}, mode: enforce}}',
    );
    const spec = { guardrails: ['g'], match: { ...written[0]!.guardrail.spec.match, models: ['credit'] } };
    const normal = { spec: { ...spec, expires: Infinity }, metadata: { name: 'vendor' } } as GuardrailException;
    const bound = bindGuardrails(written, { exceptions: [{ revision: 'r', normal }], packs: [] });
    core.use(GuardrailSet.compile(bound).set, bound);
    core.live = true;
    const call = core.begin(callStart({}));
    expect(call.decision.end).toBeNull();
    call.end({});
    expect(ended[0]!.attributes).toMatchObject({
      ...{ [ATTR.DISPOSITION]: 'exempted', [ATTR.VERDICT]: 'not_evaluated' },
      [ATTR.VERDICT_EXCEPTIONS]: ['vendor'],
    });
    expect(core.decisions.take(10, 100_000)?.records[0]?.verdicts[0]).toMatchObject({ exception: 'vendor' });
    expect(core.counters.take(0, 0, 10)?.dispositions).toEqual([
      { guardrail: 'g', disposition: 'exempted', action: 'deny', count: 1 },
    ]);
  });

  it('have the same ids and the same facts, but the span has no group', () => {
    const ended = started(true);
    const { core, fed } = makeCore();
    withCallAttributes({ group: { sex: 'F' } }, () => {
      core.begin(callStart({ features: { age: 40 } })).end({ output: { label: 'approve', score: 0.5 } });
    });
    const [span] = ended;
    const { traceId, spanId } = fed[0]!;
    expect(span!.spanContext()).toMatchObject({ traceId, spanId });
    expect(span!.name).toBe('predict credit');
    expect(span!.kind).toBe(SpanKind.INTERNAL);
    expect(Object.keys(span!.attributes)[0]).toBe(ATTR.MODEL_NAME);
    expect(span!.attributes).toMatchObject({
      [ATTR.OUTPUT_LABEL]: 'approve',
      [ATTR.INPUT_FEATURES]: { age: 40 },
      [ATTR.DISPOSITION]: 'not_evaluated',
    });
    expect(Object.keys(span!.attributes).filter((name) => name.startsWith(ATTR.GROUP_PREFIX))).toEqual([]);
    expect(fed[0]!.attributes[`${ATTR.GROUP_PREFIX}sex`]).toBe('F');
  });

  it('tell of a call that is open for longer than a limit before it ends, with the ids of its end', () => {
    const ended = started(true);
    const { core, fed } = makeCore();
    core.open.limits = [2];
    const call = core.begin(callStart({ features: { age: 40 } }));
    const quick = core.begin(callStart());
    quick.end();
    core.open.tick(core.clock.monotonic() + 2.5);
    expect(fed).toHaveLength(2);
    const [, open] = fed;
    expect(open!.attributes).toMatchObject({ [ATTR.CALL_OPEN]: true, [ATTR.INPUT_FEATURES]: { age: 40 } });
    expect(open!.duration).toBeCloseTo(2.5, 1);
    call.end({ output: { label: 'approve' } });
    expect([fed[2]!.traceId, fed[2]!.spanId]).toEqual([open!.traceId, open!.spanId]);
    expect(fed[2]!.attributes[ATTR.CALL_OPEN]).toBeUndefined();
    core.open.tick(core.clock.monotonic() + 100);
    expect(fed).toHaveLength(3);
    expect(ended).toHaveLength(2);
  });

  it('leave the feed whole when the sampler keeps no span', () => {
    const ended = started(false);
    const { core, fed } = makeCore();
    for (let i = 0; i < 50; i++) core.begin(callStart()).end({ output: { label: 'approve' } });
    expect(ended).toHaveLength(0);
    expect(fed).toHaveLength(50);
    expect(new Set(fed.map((record) => record.spanId)).size).toBe(50);
    expect(fed[0]!.attributes[ATTR.OUTPUT_LABEL]).toBe('approve');
  });

  it('belong to the trace of the request that the call is part of, and so does what the model client does', () => {
    const ended = started(true);
    const { core, fed } = makeCore();
    trace.getTracer('app').startActiveSpan('GET /', (request) => {
      const call = core.begin(callStart());
      call.run(() => trace.getTracer('http').startSpan('POST').end());
      call.end();
      request.end();
      expect(fed[0]!.parentSpanId).toBe(request.spanContext().spanId);
      expect(fed[0]!.traceId).toBe(request.spanContext().traceId);
      expect(ended[0]!.parentSpanContext?.spanId).toBe(call.span.spanContext().spanId);
    });
  });

  it('gives calls ids of their own below a remote parent when there is no SDK', () => {
    const { core, fed } = makeCore();
    const remote = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1, isRemote: true };
    const start = callStart();
    const outer = trace.setSpanContext(context.active(), remote);
    const active = context.active.bind(context);
    context.active = () => outer;
    try {
      core.begin(start).end();
      core.begin(start).end();
    } finally {
      context.active = active;
    }
    const ids = fed;
    expect(ids.map(({ traceId }) => traceId)).toEqual([remote.traceId, remote.traceId]);
    expect(new Set([remote.spanId, ...ids.map(({ spanId }) => spanId)]).size).toBe(3);
  });
});
