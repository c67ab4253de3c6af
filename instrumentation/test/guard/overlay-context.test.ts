import { createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { overlaid, withSpan } from '../../src/guard/overlay-context.js';

const A = createContextKey('test a');
const B = createContextKey('test b');
const span = { name: 'any' } as unknown as Span;

describe('a context under one value', () => {
  it('holds what a context of the API holds after the same steps', () => {
    const steps = (from: Context): unknown[][] =>
      [
        from,
        from.setValue(A, 3),
        from.deleteValue(A),
        from.deleteValue(B),
        from.setValue(A, 3).deleteValue(A).setValue(B, undefined),
      ].map((step) => [step.getValue(A), step.getValue(B)]);
    const ours = overlaid(overlaid(ROOT_CONTEXT, A, 1), B, 2);
    expect(steps(ours)).toEqual(steps(ROOT_CONTEXT.setValue(A, 1).setValue(B, 2)));
  });

  it('holds it beside a span', () => {
    const ours = withSpan(ROOT_CONTEXT.setValue(B, 2), span, A, 1);
    const theirs = trace.setSpan(ROOT_CONTEXT.setValue(B, 2), span).setValue(A, 1);
    const seen = (from: Context): unknown[] => [from.getValue(A), from.getValue(B), trace.getSpan(from)];
    for (const step of [
      (from: Context) => from,
      (from: Context) => from.setValue(A, 3),
      (from: Context) => from.deleteValue(A),
      (from: Context) => from.deleteValue(B),
      (from: Context) => trace.deleteSpan(from),
      (from: Context) => trace.deleteSpan(from.deleteValue(A)),
    ])
      expect(seen(step(ours))).toEqual(seen(step(theirs)));
  });

  it('holds what is below it when it is over, and the span as before', () => {
    const below = ROOT_CONTEXT.setValue(A, 0);
    for (const ours of [overlaid(below, A, 1), withSpan(below, span, A, 1)]) {
      const derived = ours.setValue(B, 2);
      ours.over = true;
      expect([ours.getValue(A), derived.getValue(A), derived.getValue(B)]).toEqual([0, 0, 2]);
    }
    const ours = withSpan(below, span, A, 1);
    ours.over = true;
    expect(trace.getSpan(ours)).toBe(span);
  });

  it('is never changed by a step from it', () => {
    const ours = overlaid(ROOT_CONTEXT, A, 1);
    ours.setValue(A, 2);
    ours.deleteValue(A);
    expect(ours.getValue(A)).toBe(1);
  });

  it('has the span where the API looks for it, and loses it where the API takes it away', () => {
    const ours = withSpan(ROOT_CONTEXT, span, A, 1);
    expect(trace.getSpan(ours)).toBe(span);
    expect(trace.getSpan(ours.deleteValue(A))).toBe(span);
    expect(trace.getSpan(ours.deleteValue(B))).toBe(span);
    expect(trace.getSpan(trace.deleteSpan(ours))).toBeUndefined();
    const other = { name: 'other' } as unknown as Span;
    expect(trace.getSpan(trace.setSpan(ours, other))).toBe(other);
  });
});
