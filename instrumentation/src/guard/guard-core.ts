import { diag } from '@opentelemetry/api';
import type { Context, Tracer } from '@opentelemetry/api';
import { DISPOSITIONS, exemptedBy, GuardrailSet } from '@guardspan/policy/runtime';
import type {
  ActionType,
  AgentResource,
  Decision,
  DecisionRecord,
  Freshness,
  ModelCall,
  RevisedGuardrail,
} from '@guardspan/policy/runtime';
import type { DetectorRegistry } from '../external/detector-registry.js';
import { ExternalChecks } from '../external/external-checks.js';
import type { ExternalDetector } from '../external/types.js';
import type { RegoEngines } from '../rego/rego-engines.js';
import type { FeedRecord } from '../feed/feed-record.js';
import { AppMetrics, emitVerdictEvent } from './app-telemetry.js';
import { CallHost } from './call-host.js';
import { CapturePlan } from './capture-plan.js';
import type { Clock } from './clock.js';
import { DecisionLog } from './decision-log.js';
import { notEvaluated } from './decisions.js';
import { DirectiveTable } from './directive-table.js';
import { currentMark } from './inside.js';
import { KillSwitches } from './kill-switches.js';
import { LiveCall } from './live-call.js';
import { noopCall } from './noop-runtime.js';
import { randomHex } from './random-ids.js';
import { OpenCalls } from './open-calls.js';
import type { StreamGuardStats } from '../stream/stream-guard.js';
import { ReportCounters } from './report-counters.js';
import type { RewriterRegistry } from '../rewrite/rewriter-registry.js';
import { Rewriters } from '../rewrite/rewriters.js';
import type { Rewriter } from '../rewrite/types.js';
import type { SiteRegistry } from './site-registry.js';
import type {
  Capture,
  CallStart,
  GuardedCall,
  GuardRuntime,
  SiteDeclaration,
  TargetDefinition,
  UnguardedReason,
} from './types.js';

/** What the core stands on. */
export interface GuardCoreParts {
  resource: AgentResource;
  instance: string;
  incarnation: string;
  allow: readonly ActionType[];
  /** Null: what loaded guard-rails name. */
  capture: Capture | null;
  disabled: boolean;
  maxHeld: number;
  clock: Clock;
  /** 0 <= x < 1. */
  random: () => number;
  sites: SiteRegistry;
  detectors: DetectorRegistry;
  rewriters: RewriterRegistry;
  engines: RegoEngines;
  /** Null: calls are on no feed. */
  feed: { add(record: FeedRecord): void } | null;
  tracer: () => Tracer;
  /** Called when a decision was recorded, so that it can be sent soon. */
  onRecord: () => void;
}

/** The decision point of this process: state and decisions, without sockets, files and timers. */
export class GuardCore implements GuardRuntime {
  readonly resource: AgentResource;
  readonly clock: Clock;
  readonly disabled: boolean;
  readonly sites: SiteRegistry;
  readonly counters = new ReportCounters();
  readonly open = new OpenCalls();
  readonly decisions = new DecisionLog();
  readonly metrics = new AppMetrics();
  readonly directives: DirectiveTable;
  readonly kills: KillSwitches;
  readonly host: CallHost;
  readonly detectors: DetectorRegistry;
  readonly engines: RegoEngines;
  readonly declaredRewriters: RewriterRegistry;
  readonly rewriters: Rewriters;
  readonly external: ExternalChecks;
  readonly feed: GuardCoreParts['feed'];
  readonly tracer: () => Tracer;
  set = GuardrailSet.empty();
  /** Streamed answers that were guarded while they arrived. */
  readonly streams = { answers: 0, heldMax: 0 };
  /** There is a set, of this run or of an earlier one. */
  known = false;
  #live = false;
  /** Who waits for the guard to be live. */
  readonly #waiting = new Set<() => void>();
  #capture = new CapturePlan([]);
  #failures = 0;

  constructor(private readonly parts: GuardCoreParts) {
    const { resource, clock, random, sites } = parts;
    this.resource = resource;
    this.clock = clock;
    this.disabled = parts.disabled;
    this.sites = sites;
    this.feed = parts.feed;
    this.tracer = parts.tracer;
    this.directives = new DirectiveTable(clock, random);
    this.kills = new KillSwitches(clock);
    this.detectors = parts.detectors;
    this.engines = parts.engines;
    this.declaredRewriters = parts.rewriters;
    this.rewriters = new Rewriters(parts.rewriters, clock);
    this.external = new ExternalChecks(parts.detectors, clock, parts.engines);
    this.host = new CallHost({
      clock,
      random,
      directives: this.directives,
      kills: this.kills,
      allow: parts.allow,
      hasTarget: (name) => sites.hasTarget(name),
      isUp: (name) => sites.isUp(name),
      rego: parts.engines.ask,
    });
  }

  /** Connected to an evaluator that has given its word on the set. */
  get live(): boolean {
    return this.#live;
  }

  set live(live: boolean) {
    this.#live = live;
    if (live) for (const wake of this.#waiting) wake();
  }

  /** Resolves with true when the guard is live, with false after so many milliseconds. */
  whenLive(milliseconds: number): Promise<boolean> {
    if (this.#live) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (live: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(live);
      };
      const wake = (): void => settle(true);
      const timer = setTimeout(() => settle(false), milliseconds);
      this.#waiting.add(wake);
    });
  }

  /** Problems inside the guard since the start; each left its call unguarded and running. */
  get failures(): number {
    return this.#failures;
  }

  /** How fresh the knowledge of this process is. */
  freshness(): Freshness {
    if (this.#live) return 'live';
    return this.known ? 'stale' : 'none';
  }

  /** Puts a compiled set in force. */
  use(set: GuardrailSet, guardrails: readonly RevisedGuardrail[]): void {
    this.set = set;
    this.known = true;
    this.#capture = new CapturePlan(guardrails);
    this.host.keepOnly(new Set(guardrails.map(({ guardrail }) => guardrail.metadata.name)));
  }

  declareSite(site: SiteDeclaration): void {
    this.sites.declareSite(site);
  }

  declareTarget(target: TargetDefinition): void {
    this.sites.declareTarget(target);
  }

  declareDetector(detector: ExternalDetector): void {
    this.detectors.declare(detector);
  }

  declareRewriter(rewriter: Rewriter): void {
    this.declaredRewriters.declare(rewriter);
  }

  target(name: string): TargetDefinition | undefined {
    return this.sites.target(name);
  }

  inside(): boolean {
    return currentMark() !== undefined;
  }

  capture(model: string): Capture {
    return this.parts.capture ?? this.#capture.of(model);
  }

  begin(start: CallStart): GuardedCall {
    try {
      return new LiveCall(this, start);
    } catch (error) {
      this.failedInside(error);
      this.counters.unguarded('error', start.client, this.clock.wall());
      return noopCall();
    }
  }

  unguarded(reason: UnguardedReason, name: string): void {
    this.counters.unguarded(reason, name, this.clock.wall());
  }

  /** Code units that one text of a streamed answer may have to wait. */
  get maxHeld(): number {
    return this.parts.maxHeld;
  }

  /** Why a call is not guarded; empty when it is. */
  unguardedReason(call: ModelCall, decision: Decision): string {
    if (this.disabled) return 'disabled';
    if (decision.evaluated > 0 || decision.verdicts.length > 0 || this.set.covers(call)) return '';
    return 'no_guardrails';
  }

  /** What to say of guard-rails at the answer when nobody read it: that they did not run. Null when there are none. */
  unread(call: ModelCall, streamed: boolean): Decision | null {
    if (this.disabled) return null;
    const decision = notEvaluated();
    // Of a stream that was dropped, everything that came out was judged at `chunk`.
    for (const point of streamed ? (['response'] as const) : (['chunk', 'response'] as const)) {
      for (const { name, revision, guardrail, exceptions } of this.set.plan(point, call).inline) {
        const exception = exemptedBy(exceptions, call);
        const enforced = guardrail.spec.mode === 'enforce';
        const disposition = exception !== null ? 'exempted' : enforced ? 'allow_failopen' : 'not_evaluated';
        decision.verdicts.push({
          id: randomHex(16),
          guardrail: name,
          revision,
          mode: guardrail.spec.mode,
          point,
          outcome: 'not_evaluated',
          code: exception === null ? 'unsupported_here' : 'exempted',
          message:
            exception === null
              ? 'the answer was taken without being read here'
              : `the call is exempt by the exception ${exception}`,
          action: guardrail.spec.action.type,
          disposition,
          trace: [],
          directive: '',
          ...(exception === null ? {} : { exception }),
        });
        if (DISPOSITIONS.indexOf(disposition) > DISPOSITIONS.indexOf(decision.disposition))
          decision.disposition = disposition;
      }
    }
    return decision.verdicts.length === 0 ? null : decision;
  }

  /** A guarded stream has ended. */
  streamed({ heldMax }: StreamGuardStats): void {
    this.streams.answers += 1;
    this.streams.heldMax = Math.max(this.streams.heldMax, heldMax);
  }

  /** Keeps a decision that is not a plain allow for the audit, and says it as a log event. */
  record({ call, decision, context, record }: RecordedDecision): void {
    this.decisions.add(record);
    emitVerdictEvent(call, decision, context);
    this.parts.onRecord();
  }

  /** Something went wrong in the guard itself. */
  failedInside(error: unknown): void {
    this.#failures += 1;
    if (this.#failures === 1) diag.error('Guardspan: a model call could not be guarded; it goes on', error);
  }
}

/** A decision with the call it is about. */
export interface RecordedDecision {
  call: ModelCall;
  decision: Decision;
  context: Context;
  record: DecisionRecord;
}
