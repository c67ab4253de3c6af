import type { Attributes, Span } from '@opentelemetry/api';
import type { GuardedCall } from '../../guard/types.js';

interface Tracer {
  startSpan: (...args: unknown[]) => unknown;
}

/** Clients whose tracer is ours already. */
const merged = new WeakSet<object>();
/** The call that is being sent; its client starts the span at once, before anything else can run. */
let sending: GuardedCall | null = null;

/**
 * The client makes a span of its own for each call (since 1.0). Ours stands for the same call, so the client is given ours: what it records lands there, and
 * there is one span. Its end is ours to set, because the answer is judged after the client has read it.
 */
export function withoutOwnSpan(client: unknown, guarded: GuardedCall, options: unknown): void {
  const early = (options as { __span?: { span?: Span & { attributes?: Attributes } } } | undefined)?.__span;
  if (early?.span) {
    // A helper has started the span before it calls us. It is never ended, so it is never exported; what it knows moves over.
    guarded.span.setAttributes({ ...early.span.attributes });
    early.span = lasting(guarded.span);
    return;
  }
  const holder = client as { _tracer?: Tracer } | null;
  const tracer = holder?._tracer;
  if (!holder || typeof tracer?.startSpan !== 'function') return;
  if (!merged.has(tracer)) {
    const own: Tracer = Object.create(tracer) as Tracer;
    own.startSpan = (...args) => {
      const call = sending;
      sending = null;
      return call === null ? tracer.startSpan(...args) : lasting(call.span);
    };
    merged.add(own);
    holder._tracer = own;
  }
  sending = guarded;
  // A call that is refused before its span starts must not leave its mark to the next one.
  queueMicrotask(() => {
    if (sending === guarded) sending = null;
  });
}

/** The span, without its end and its name: those are ours. */
function lasting(span: Span): Span {
  const shared = Object.create(span) as Span;
  for (const name of ['setAttribute', 'setAttributes', 'addEvent', 'addLink', 'addLinks', 'setStatus'] as const) {
    const method = (span as unknown as Record<string, ((...args: unknown[]) => unknown) | undefined>)[name];
    if (method) define(shared, name, (...args: unknown[]) => (method.apply(span, args), shared));
  }
  define(shared, 'updateName', () => shared);
  define(shared, 'end', () => undefined);
  define(shared, 'spanContext', () => span.spanContext());
  define(shared, 'isRecording', () => span.isRecording());
  define(shared, 'recordException', (...args: Parameters<Span['recordException']>) => span.recordException(...args));
  return shared;
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true });
}
