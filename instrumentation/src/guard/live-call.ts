import {
  context as contextApi,
  INVALID_SPANID,
  INVALID_TRACEID,
  isSpanContextValid,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { ATTR, chunkPlanOf, combineDecisions, GEN_AI, settleSampling, traceShare } from '@guardspan/policy/runtime';
import type {
  CheckPosition,
  DecideInput,
  Decision,
  Failure,
  InlinePoint,
  ModelCall,
  ModelIdentity,
  PhasedDecision,
  ReportCell,
  TextPart,
} from '@guardspan/policy/runtime';
import { asErrorOf, GuardrailDeniedError } from '../actions/errors.js';
import { StreamGuard } from '../stream/stream-guard.js';
import { CallRewriting } from '../rewrite/call-rewriting.js';
import type { FeedAttributes, FeedRecord } from '../feed/feed-record.js';
import { currentCallAttributes } from './call-attributes.js';
import { decisionRecord } from './decision-record.js';
import { inOnePhase, notEvaluated } from './decisions.js';
import { errorType } from './error-type.js';
import type { GuardCore } from './guard-core.js';
import { callContext, insideCallContext } from './inside.js';
import { Linked } from './linked-list.js';
import type { EndingContext } from './overlay-context.js';
import type { OpenCall } from './open-calls.js';
import { randomHex } from './random-ids.js';
import { callAttributes, feedIdentity, forFeed, spanIdentity } from './record-attributes.js';
import type { CallFacts } from './record-attributes.js';
import { setSpanAttributes } from './span-attributes.js';
import { addUsage, startedCall } from './started-call.js';
import type { CallAnswer, CallStart, GuardedCall } from './types.js';

const NO_DIRECTIVES: DecideInput['directives'] = [];
const NO_TEXTS = (): readonly TextPart[] => [];

interface SpanIds {
  traceId: string;
  spanId: string;
  traceFlags: number;
}

/** Of the records of a call, and of what it is part of. */
interface CallIds {
  own: SpanIds;
  parent: SpanIds | undefined;
}

/** One guarded call. Every step is guarded itself: what goes wrong in here is counted and never reaches the application. */
export class LiveCall extends Linked implements GuardedCall, OpenCall {
  unread: GuardedCall['unread'] = null;
  decision: Decision;
  before: Promise<Decision> | null = null;
  beside: Promise<Decision> | null = null;
  after: Promise<Decision> | null = null;
  readonly span: Span;
  readonly #call: ModelCall;
  readonly startedAt: number;
  /** Monotonic seconds. Later than the start where checks were waited for before: what our own guard takes is no duration of the model. */
  #sentAt: number;
  readonly #asked: ModelIdentity;
  readonly #cell: ReportCell;
  /** The context that the call began in. */
  readonly #outer: Context;
  #inner: EndingContext | null = null;
  #known: CallIds | null = null;
  readonly #facts: CallFacts;
  #response: Decision | null = null;
  /** Of the request; null for nearly every call. */
  #rewriting: CallRewriting | null = null;
  #stream: StreamGuard | null = null;
  #extra: CallAnswer['spanAttributes'];
  #ended = false;

  constructor(
    private readonly core: GuardCore,
    private readonly start: CallStart,
  ) {
    super();
    const began = core.clock.monotonic();
    this.startedAt = this.#sentAt = began;
    const told = currentCallAttributes();
    const call = startedCall(start, core.resource, core.clock.wall(), told);
    this.#call = call;
    this.#asked = start.model;
    this.#cell = core.counters.cell(call.model.name, call.model.version, call.startedAt);
    const phased = this.#decide('request', start.texts ?? NO_TEXTS);
    const finished = phased.before.length > 0 ? phased.decision : this.#finished(phased.decision);
    // What waits for a rewriter, or for the trace, has not been done yet.
    const waits = finished instanceof Promise;
    const known = waits ? phased.decision : finished;
    const later = waits || known.sampling !== undefined;
    this.decision = later ? { ...known, action: 'allow' } : known;
    core.counters.started(this.#cell, core.unguardedReason(call, this.decision));

    const outer = contextApi.active();
    this.#facts = { call, callId: told?.callId ?? '', asked: start.model.name, more: start.spanAttributes };
    const kind = start.remote ? SpanKind.CLIENT : SpanKind.INTERNAL;
    // What samplers of the conventions look at. The SDK takes attributes of a start apart three times and later ones once, so ours follow at the end.
    const options = start.spanAttributes === undefined ? { kind } : { kind, attributes: { ...start.spanAttributes } };
    this.span = core.tracer().startSpan(`${start.operation} ${call.model.name}`, options, outer);
    this.#outer = outer;
    core.open.add(this);
    if (known.sampling !== undefined) this.decision = this.#sampled(known);
    if (phased.before.length === 0 && !waits) {
      core.metrics.decided(call, this.decision, core.clock, began);
      if (phased.beside.length > 0) this.#askBeside(phased);
    } else this.before = this.#decideLater(phased, waits ? finished : null);
  }

  get context(): Context {
    return (this.#inner ??= callContext(this.#outer, this.span));
  }

  run<T>(fn: () => T): T {
    if (this.before !== null) this.#sentAt = this.core.clock.monotonic();
    if (this.start.callsNothing === true && this.#call.decision.rerouteTo === '') return fn();
    return insideCallContext(fn, this.context);
  }

  rerouted(to: string, model?: Partial<ModelIdentity>): void {
    this.#call.decision.rerouteTo = to;
    // An adapter that cannot say who answers: the same model under the target's name, so that the version asked for is not judged by it.
    this.#call.model = { ...this.#asked, ...(model ?? { version: to }) };
  }

  streaming(): StreamGuard | null {
    const { core } = this;
    if (core.disabled || this.#stream !== null) return this.#stream;
    try {
      // The answer is judged to its end by the guard-rails under which it began; kill switches hold at once.
      const { set } = core;
      const plan = chunkPlanOf(set.plan('chunk', this.#call));
      if (plan === null) return null;
      this.#stream = new StreamGuard({
        plan,
        decide: ({ texts, ...more }) => this.#decide('chunk', texts, set, more).decision,
        called: (calls) => (this.#call.toolCalls = calls),
        maxHeld: core.maxHeld,
        failed: (error) => core.failedInside(error),
      });
    } catch (error) {
      core.failedInside(error);
    }
    return this.#stream;
  }

  answered(answer: CallAnswer, failure?: Failure): Decision {
    try {
      this.#take(answer);
      return (this.#response ??= this.#judge(answer.texts ?? NO_TEXTS, failure));
    } catch (error) {
      this.core.failedInside(error);
      return (this.#response ??= notEvaluated());
    }
  }

  failed(error: unknown): void {
    if (this.start.errors !== undefined && error instanceof GuardrailDeniedError) asErrorOf(this.start.errors, error);
    this.#finish(error, undefined, true);
  }

  end(partial?: CallAnswer): void {
    this.#finish(undefined, partial, false);
  }

  /** Says on the feed that the call has not ended yet. A call that ends here, or whose model was never asked, says nothing. */
  tellOpen(elapsed: number): void {
    try {
      const call = this.#call;
      const { rerouteTo } = call.decision;
      const denied = this.decision.end !== null && rerouteTo === '';
      if (this.#ended || denied || this.core.feed === null) return;
      const attributes = forFeed(callAttributes(this.#facts, this.decision), call);
      attributes[ATTR.CALL_OPEN] = true;
      this.core.feed.add(this.#feedRecord(attributes, elapsed, false));
    } catch (error) {
      this.core.failedInside(error);
    }
  }

  #decide(
    point: InlinePoint,
    texts: DecideInput['texts'],
    set = this.core.set,
    more?: Omit<Partial<DecideInput>, 'texts'>,
  ): PhasedDecision {
    const { core } = this;
    if (core.disabled) return inOnePhase(notEvaluated());
    try {
      const call = this.#call;
      const directives =
        point === 'request' ? core.directives.match(call, this.startedAt, call.startedAt) : NO_DIRECTIVES;
      const nothing = set.nothingSaid(point, call, directives.length);
      if (nothing !== null) return nothing;
      this.#bind(point);
      const whole: DecideInput = { point, call, texts, directives, freshness: core.freshness(), host: core.host };
      if (more !== undefined) Object.assign(whole, more);
      return this.start.awaits === true ? set.decideInPhases(whole) : inOnePhase(set.decide(whole));
    } catch (error) {
      core.failedInside(error);
      return inOnePhase(notEvaluated());
    }
  }

  /** The decision at the request, of a call that waits for checks, or for rewrites that have begun. By itself, so that calls that wait for nothing make nothing for it. */
  async #decideLater(phased: PhasedDecision, finishing: Promise<Decision> | null): Promise<Decision> {
    const { core } = this;
    const unsampled = await (finishing ??
      this.#settled(phased, 'request', 'before').then((decision) => this.#finished(decision)));
    const decision = (this.decision = this.#sampled(unsampled));
    core.metrics.decided(this.#call, decision, core.clock, this.startedAt);
    if (phased.beside.length > 0 && decision.end === null) this.#askBeside(phased);
    return decision;
  }

  /** The decision at the response, and at `chunk` as well for an answer that came in one piece. */
  #judge(texts: DecideInput['texts'], failure: Failure | undefined): Decision {
    const more = failure === undefined ? undefined : { failure };
    const phased = this.#decide('response', texts, this.core.set, more);
    const chunk = this.#stream === null ? this.#decide('chunk', texts, this.core.set, more).decision : null;
    const decision = chunk === null ? phased.decision : combineDecisions(chunk, phased.decision);
    if (phased.before.length === 0) {
      const finished = this.#finishedAnswer(decision);
      if (!(finished instanceof Promise)) return this.#sampled(finished);
      this.#keepLater(finished);
    } else {
      const settled = this.#settled(phased, 'response', 'before');
      const whole = settled.then((last) => (chunk === null ? last : combineDecisions(chunk, last)));
      this.#keepLater(whole.then((last) => this.#finishedAnswer(last)));
    }
    return this.#sampled(decision);
  }

  #keepLater(decision: Promise<Decision>): void {
    this.after = decision.then((last) => (this.#response = this.#sampled(last)));
  }

  /** The decision at the request with its rewrites finished; at once, unless a rewriter has to be waited for. */
  #finished(decision: Decision): Decision | Promise<Decision> {
    if (decision.rewriting === undefined) return decision;
    return (this.#rewriting ??= this.#rewritingAt('request')).finish(decision);
  }

  #finishedAnswer(decision: Decision): Decision | Promise<Decision> {
    return decision.rewriting === undefined ? decision : this.#rewritingAt('response').finish(decision);
  }

  /** A decision that marks a share of the traces, for the trace of this call. */
  #sampled(decision: Decision): Decision {
    if (decision.sampling === undefined) return decision;
    return settleSampling(decision, traceShare(this.#ids().own.traceId));
  }

  #rewritingAt(point: InlinePoint): CallRewriting {
    return new CallRewriting(this.core.rewriters, {
      ...{ point, model: this.#asked.name, mayWait: this.start.awaits === true },
    });
  }

  /** The host serves every call; decisions that were waited for find it bound to another one. */
  #bind(point: InlinePoint): void {
    this.core.host.bounds = { can: this.start.can, point, model: this.#asked.name, service: this.#call.service };
  }

  async #settled(phased: PhasedDecision, point: InlinePoint, position: CheckPosition): Promise<Decision> {
    try {
      const outcomes = await this.core.external.ask(phased[position]);
      this.#bind(point);
      return phased.settle(position, outcomes);
    } catch (error) {
      this.core.failedInside(error);
      return phased.decision;
    }
  }

  #askBeside(phased: PhasedDecision): void {
    // Nothing is rewritten beside the call; what was before it is known.
    const settled = this.#settled(phased, 'request', 'beside').then((decision) => this.#finished(decision));
    this.beside = settled.then((decision) => (this.decision = this.#sampled(decision)));
  }

  /** Ids of the records: those of the span, or our own when there is no SDK (then the span is invalid or stands for its parent). The same each time; most calls are on no record. */
  #ids(): CallIds {
    if (this.#known !== null) return this.#known;
    const { traceId, spanId, traceFlags } = this.span.spanContext();
    const active = trace.getSpanContext(this.#outer);
    const parent = active !== undefined && isSpanContextValid(active) ? active : undefined;
    const own = spanId !== INVALID_SPANID && spanId !== parent?.spanId;
    return (this.#known = {
      own: {
        traceId: traceId === INVALID_TRACEID ? randomHex(16) : traceId,
        spanId: own ? spanId : randomHex(8),
        traceFlags,
      },
      parent,
    });
  }

  #take(answer: CallAnswer): void {
    const call = this.#call;
    if (this.#response === null) call.duration = this.core.clock.monotonic() - this.#sentAt;
    if (answer.timeToFirst !== undefined) call.timeToFirst = answer.timeToFirst;
    if (answer.output) Object.assign(call.output, answer.output);
    if (answer.toolCalls) call.toolCalls = answer.toolCalls;
    if (answer.usage) addUsage(call.usage, answer.usage);
    const { spanAttributes: more, responseModel } = answer;
    // An answer's own attributes are not copied while nothing is to be added to them.
    if (more !== undefined) this.#extra = this.#extra === undefined ? more : { ...this.#extra, ...more };
    if (responseModel && this.#extra?.[GEN_AI.RESPONSE_MODEL] !== responseModel)
      this.#extra = { ...this.#extra, [GEN_AI.RESPONSE_MODEL]: responseModel };
  }

  #finish(error: unknown, partial: CallAnswer | undefined, failed: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#inner !== null) this.#inner.over = true;
    this.core.open.delete(this);
    try {
      if (partial) this.#take(partial);
      const call = this.#call;
      if (failed) call.error.type = errorType(error);
      const { rerouteTo } = call.decision;
      const denied = this.decision.end !== null && rerouteTo === '';
      const unread = !failed && this.#response === null && this.decision.end === null;
      const response = unread ? this.core.unread(call, this.#stream !== null) : this.#response;
      const streamed = this.#stream?.decision ? this.#sampled(this.#stream.decision) : null;
      const decision = combineDecisions(
        streamed === null ? this.decision : combineDecisions(this.decision, streamed),
        response,
      );
      if (this.#stream !== null) {
        const { stats } = this.#stream;
        this.core.streamed(stats);
        this.#extra = { ...this.#extra, [ATTR.STREAM_HELD_MAX]: stats.heldMax };
        if (stats.released !== undefined) this.#extra[ATTR.REWRITE_RELEASED] = stats.released;
      }
      if (Number.isNaN(call.duration)) call.duration = this.core.clock.monotonic() - this.#sentAt;

      const attributes = callAttributes(this.#facts, decision);
      this.#endSpan(attributes, failed, error);
      this.core.counters.ended(this.#cell, denied, call.duration);
      this.core.counters.decided(decision);
      if (this.core.feed !== null)
        this.core.feed.add(this.#feedRecord(forFeed(attributes, call), call.duration, failed));
      if (decision.verdicts.length > 0) this.#record(decision);
    } catch (problem) {
      this.core.failedInside(problem);
    }
  }

  #feedRecord(attributes: FeedAttributes, duration: number, failed: boolean): FeedRecord {
    const call = this.#call;
    const { own, parent } = this.#ids();
    return {
      name: `${call.operation} ${call.model.name}`,
      kind: this.start.remote ? SpanKind.CLIENT : SpanKind.INTERNAL,
      traceId: own.traceId,
      spanId: own.spanId,
      parentSpanId: parent?.spanId ?? '',
      startedAt: call.startedAt,
      duration,
      failed,
      identity: feedIdentity(this.#facts),
      attributes,
    };
  }

  #endSpan(attributes: FeedAttributes, failed: boolean, error: unknown): void {
    const { span } = this;
    if (span.isRecording()) {
      // The join keys that do not move come first, so that no limit of a pipeline cuts them.
      setSpanAttributes(span, spanIdentity(this.#facts));
      setSpanAttributes(span, attributes);
      if (this.#extra !== undefined) setSpanAttributes(span, this.#extra);
      // The message of an error may hold content; its type does not.
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR, message: errorType(error) });
    }
    span.end();
  }

  #record(decision: Decision): void {
    const record = decisionRecord(this.#facts, decision, this.#asked, this.#ids().own);
    this.core.record({ call: this.#call, decision, context: this.context, record });
  }
}
