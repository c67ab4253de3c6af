import { context, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { traceShare } from '@guardspan/policy/runtime';
import { callStart, guardrails, install, makeCore } from './fakes.js';

const spans: ReadableSpan[] = [];
const nothing = (): Promise<void> => Promise.resolve();
const processor = {
  ...{ onStart: () => undefined, onEnding: () => undefined, forceFlush: nothing, shutdown: nothing },
  onEnd: (span: ReadableSpan) => void spans.push(span),
};
const provider = new TracerProvider({ spanProcessors: [processor] });
const manager = new AsyncLocalStorageContextManager();
beforeAll(() => context.setGlobalContextManager(manager.enable()));
afterAll(() => context.disable());
beforeEach(() => void spans.splice(0));

const DOCUMENT = (percent: number, at: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: some }
spec: { at: ${at}, when: 'true', action: { sample: { percent: ${percent} } }, mode: enforce }
`;

function call(percent: number, at: string, traceId?: string): { traceId: string; fed: unknown } {
  const { core, fed } = makeCore({ tracer: () => provider.getTracer('test') });
  install(core, guardrails(DOCUMENT(percent, at)));
  const parent = { traceId: traceId ?? '', spanId: '1'.repeat(16), traceFlags: TraceFlags.SAMPLED };
  const outer = traceId === undefined ? context.active() : trace.setSpanContext(context.active(), parent);
  context.with(outer, () => {
    const guarded = core.begin(callStart());
    guarded.answered({});
    guarded.end();
  });
  const span = spans.at(-1)!;
  const read = (attributes: Record<string, unknown>): unknown[] =>
    ['sample', 'action', 'disposition'].map((name) => attributes[`guardspan.${name}`]);
  expect(read(span.attributes)).toEqual(read(fed[0]!.attributes));
  return { traceId: span.spanContext().traceId, fed: read(span.attributes) };
}

it.each(['request', 'response'])('marks the calls of a share of the traces at %s, the same in every service', (at) => {
  const ids = Array.from({ length: 40 }, (_, n) => (n + 1).toString(16).padStart(32, 'a'));
  const marked = ids.filter((id) => traceShare(id) < 40);
  expect(marked.length).toBeGreaterThan(5);
  for (const id of ids) {
    const expected = marked.includes(id) ? [true, 'sample', 'enforced'] : [undefined, undefined, 'allow'];
    expect(call(40, at, id)).toEqual({ traceId: id, fed: expected });
  }
});

it.each(['request', 'response'])('knows the trace that begins with the call, at %s', (at) => {
  for (let n = 0; n < 20; n++) {
    const { traceId, fed } = call(50, at);
    expect(fed).toEqual(traceShare(traceId) < 50 ? [true, 'sample', 'enforced'] : [undefined, undefined, 'allow']);
  }
});
