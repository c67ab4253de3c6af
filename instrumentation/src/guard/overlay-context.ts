import { createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';

/** A context whose own value may end: when it is over, the context holds what the one below it holds. It stays the context of what was begun in it and goes on. */
export interface EndingContext extends Context {
  over: boolean;
}

/** One value on top of a context. The API's own `setValue` copies everything that the context holds, for each call. */
class OverlayContext implements EndingContext {
  over = false;

  constructor(
    private readonly inner: Context,
    private readonly key: symbol,
    private readonly value: unknown,
  ) {}

  getValue(key: symbol): unknown {
    return key === this.key && !this.over ? this.value : this.inner.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return new OverlayContext(this, key, value);
  }

  deleteValue(key: symbol): Context {
    const inner = this.inner.deleteValue(key);
    return key === this.key ? inner : new OverlayContext(inner, this.key, this.value);
  }
}

/** `inner` with `value` under `key`, as `inner.setValue` gives it. */
export function overlaid(inner: Context, key: symbol, value: unknown): EndingContext {
  return new OverlayContext(inner, key, value);
}

/** The key under which the API keeps the active span; keys are global symbols by description. */
const SPAN = createContextKey('OpenTelemetry Context Key SPAN');
/** False under a version of the API that keeps the span elsewhere. */
const known = trace.getSpan(overlaid(ROOT_CONTEXT, SPAN, true as unknown as Span)) !== undefined;

/** Two values on top of a context; the span does not end with the other one, as no span of a context does. */
class PairContext implements EndingContext {
  over = false;

  constructor(
    private readonly inner: Context,
    private readonly span: Span,
    private readonly key: symbol,
    private readonly value: unknown,
  ) {}

  getValue(key: symbol): unknown {
    if (key === SPAN) return this.span;
    return key === this.key && !this.over ? this.value : this.inner.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return new OverlayContext(this, key, value);
  }

  deleteValue(key: symbol): Context {
    const inner = this.inner.deleteValue(key);
    if (key === SPAN) return new OverlayContext(inner, this.key, this.value);
    return key === this.key
      ? new OverlayContext(inner, SPAN, this.span)
      : new PairContext(inner, this.span, this.key, this.value);
  }
}

/** `inner` with `span` as its active span, as `trace.setSpan` gives it, and with `value` under `key` until it is over. */
export function withSpan(inner: Context, span: Span, key: symbol, value: unknown): EndingContext {
  return known ? new PairContext(inner, span, key, value) : overlaid(trace.setSpan(inner, span), key, value);
}
