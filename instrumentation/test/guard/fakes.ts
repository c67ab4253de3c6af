import { trace } from '@opentelemetry/api';
import { loadGuardrails } from '@guardspan/policy';
import type { Directive, RevisedGuardrail } from '@guardspan/policy/runtime';
import { ACTION_TYPES, GuardrailSet } from '@guardspan/policy/runtime';
import { DetectorRegistry } from '../../src/external/detector-registry.js';
import type { FeedRecord } from '../../src/feed/feed-record.js';
import { GuardCore } from '../../src/guard/guard-core.js';
import type { GuardCoreParts } from '../../src/guard/guard-core.js';
import { RegoEngines } from '../../src/rego/rego-engines.js';
import { RewriterRegistry } from '../../src/rewrite/rewriter-registry.js';
import { SiteRegistry } from '../../src/guard/site-registry.js';
import type { CallStart } from '../../src/guard/types.js';

/** Both clocks under the control of a test; seconds. */
export class VirtualClock {
  wallNow = 1_700_000_000;
  monotonicNow = 100;
  monotonic = (): number => this.monotonicNow;
  wall = (): number => this.wallNow;
  advance(seconds: number): void {
    this.wallNow += seconds;
    this.monotonicNow += seconds;
  }
  /** The machine sleeps: only the wall clock goes on. */
  sleep(seconds: number): void {
    this.wallNow += seconds;
  }
}

/** A directive that shuts the scope down; fields may be replaced. */
export function directive(id: string, changes: Partial<Directive> = {}): Directive {
  return {
    id,
    epoch: 1,
    seq: 1,
    guardrail: 'slow-model',
    revision: 'r'.repeat(64),
    verdict: 'v'.repeat(32),
    scope: { model: 'credit' },
    action: { type: 'shutdown', status: 503, retryAfter: 5, fallback: '' },
    mode: 'enforce',
    onStale: 'allow',
    probe: { share: 0, perSecond: 0 },
    reason: { code: 'condition', message: 'p95 is above its limit', trace: [], traceId: '' },
    expiresIn: 60,
    ...changes,
  };
}

/** The guard-rails of a document; fails when it has errors. */
export function guardrails(text: string): RevisedGuardrail[] {
  const { guardrails: loaded, errors } = loadGuardrails(text, { file: 'test.yaml' });
  if (errors.length > 0) throw new Error(errors.map((error) => error.message).join('\n'));
  return loaded.map(({ revision, guardrail }) => ({ revision, guardrail }));
}

/** A core with a virtual clock, and what it put on its feed. */
export function makeCore(changes: Partial<GuardCoreParts> = {}): {
  core: GuardCore;
  clock: VirtualClock;
  fed: FeedRecord[];
} {
  const clock = new VirtualClock();
  const fed: FeedRecord[] = [];
  const core = new GuardCore({
    resource: { service: 'loans', serviceVersion: '', environment: 'prod', host: 'h', pid: 1 },
    instance: 'i1',
    incarnation: 'a'.repeat(32),
    allow: ACTION_TYPES,
    capture: null,
    disabled: false,
    maxHeld: 8192,
    clock,
    random: () => 0.5,
    sites: new SiteRegistry(),
    detectors: new DetectorRegistry(),
    rewriters: new RewriterRegistry(),
    engines: new RegoEngines({}, clock),
    feed: {
      // With all that the record says of its call.
      add: (record) => fed.push({ ...record, attributes: { ...record.identity.attributes, ...record.attributes } }),
    },
    tracer: () => trace.getTracer('test'),
    onRecord: () => undefined,
    ...changes,
  });
  return { core, clock, fed };
}

/** Puts guard-rails in force as a connected process has them. */
export function install(core: GuardCore, list: RevisedGuardrail[]): void {
  core.use(GuardrailSet.compile(list).set, list);
  core.live = true;
}

/** A call of an in-process model; fields may be replaced. */
export function callStart(changes: Partial<CallStart> = {}): CallStart {
  return {
    client: 'function',
    model: { name: 'credit', version: '3.1', kind: 'classifier', framework: 'function', provider: '' },
    operation: 'predict',
    streamed: false,
    can: {
      request: ['deny', 'shutdown', 'throttle', 'reroute', 'annotate'],
      chunk: ['deny', 'annotate'],
      response: ['deny', 'annotate'],
    },
    remote: false,
    ...changes,
  };
}
