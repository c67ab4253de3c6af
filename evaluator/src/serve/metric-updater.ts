import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DISPOSITIONS, METRIC, seriesMode, strictestMode } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';
import type { Fleet } from '../channel/fleet/fleet.js';
import { reachOf } from '../channel/fleet/inert.js';
import type { Publication } from '../channel/publication.js';
import type { DirectAlerts } from '../alert/direct-alerts.js';
import type { ActiveDirective } from '../channel/directives/active-directive.js';
import type { DirectiveManager } from '../channel/directives/directive-manager.js';
import type { Recorder } from '../channel/directives/recorder.js';
import type { KillSwitches } from '../channel/kill-switches.js';
import type { Coverage } from '../coverage/coverage.js';
import type { OverReaction } from '../coverage/over-reaction.js';
import type { WebhookQueue } from '../alert/webhook/webhook-queue.js';
import { inSlices } from '../engine/in-slices.js';
import type { Pace } from '../engine/slices.js';
import type { Engine } from '../engine/types.js';
import type { Metrics } from '../metrics/metrics.js';
import type { RerouteAccount } from '../metrics/reroute-account.js';
import type { UnenforcedAccount } from '../metrics/unenforced-account.js';
import type { ModelAccount } from '../metrics/model-account.js';
import { JUDGEMENTS } from '../store/types.js';
import type { DocumentVersion, Store } from '../store/types.js';
import type { Committer } from './committer.js';
import { SeriesGauges } from './series-gauges.js';

/** What the gauges show. */
export interface MetricSources {
  metrics: Metrics;
  models: ModelAccount;
  engine: Engine;
  /** How long one step over the series may take. */
  pace: Pace;
  fleet: Fleet;
  publication: Publication;
  directives: () => DirectiveManager;
  kill: KillSwitches;
  coverage: Coverage;
  store: Store;
  alerts: DirectAlerts;
  reroutes: RerouteAccount;
  unenforced: UnenforcedAccount;
  /** True when a connected process has not confirmed a directive for so many seconds. */
  isUnconfirmed: (directive: ActiveDirective, patience: number) => boolean;
  webhooks: WebhookQueue;
  committer: Committer;
  recorder: Recorder;
  /** Documents that differ from their repository. */
  drifted: () => readonly Pick<DocumentVersion, 'kind' | 'name'>[];
}

/** Fills the metrics that are read off the state rather than counted as things happen. */
export class MetricUpdater {
  readonly #sources: MetricSources;
  readonly #series: SeriesGauges;
  readonly #lag = monitorEventLoopDelay({ resolution: 10 });
  readonly #counted = new Map<string, number>();
  #running: Promise<void> | undefined;
  /** Guard-rails by name, with the labels that their info series has. */
  readonly #published = new Map<string, { revision: string; labels: { [name: string]: string } }>();

  constructor(sources: MetricSources) {
    this.#sources = sources;
    this.#series = new SeriesGauges(sources.metrics);
    this.#lag.enable();
  }

  /** Counters of guard-rails begin at 0 when they come into force, so that a first event is an increase. */
  published(guardrails: readonly RevisedGuardrail[]): void {
    const { metrics } = this.#sources;
    this.#sources.reroutes.published(guardrails);
    this.#sources.unenforced.published(guardrails);
    const names = new Set(guardrails.map(({ guardrail }) => guardrail.metadata.name));
    for (const [name, { labels }] of this.#published) {
      if (names.has(name)) continue;
      metrics.remove(METRIC.GUARDRAIL_INFO, labels);
      this.#published.delete(name);
    }
    for (const { guardrail, revision } of guardrails) {
      const { name, labels } = guardrail.metadata;
      const before = this.#published.get(name);
      if (before?.revision === revision) continue;
      if (before !== undefined) metrics.remove(METRIC.GUARDRAIL_INFO, before.labels);
      const { action } = guardrail.spec;
      const mode = strictestMode(guardrail.spec);
      const { severity = '', owner = '' } = labels;
      const info = { guardrail: name, mode, action: action.type, revision, severity, owner };
      metrics.set(METRIC.GUARDRAIL_INFO, info, 1);
      this.#published.set(name, { revision, labels: info });
      metrics.add(METRIC.VERDICTS, { guardrail: name, mode, action: action.type }, 0);
      metrics.add(METRIC.DIRECTIVES, { guardrail: name, action: action.type }, 0);
      for (const judgement of JUDGEMENTS) metrics.add(METRIC.FEEDBACK, { guardrail: name, judgement }, 0);
      for (const disposition of DISPOSITIONS)
        metrics.add(METRIC.DISPOSITIONS, { guardrail: name, disposition, action: action.type }, 0);
    }
  }

  /** Call it before a scrape. Gives way to others between series; who calls while it goes on waits for the same. */
  update(overReactions: readonly OverReaction[]): Promise<void> {
    this.#running ??= this.#update(overReactions).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #update(overReactions: readonly OverReaction[]): Promise<void> {
    const { metrics, engine, publication, kill, coverage, store } = this.#sources;
    const { accepted, duplicates, late, clockCorrected } = engine.stats();
    this.#count(METRIC.CALLS, accepted);
    this.#count(METRIC.DEDUPLICATED, duplicates);
    this.#count(METRIC.LATE_CALLS, late);
    this.#count(METRIC.CLOCK_CORRECTED, clockCorrected);
    await this.#guardrails(publication.guardrails, overReactions);
    this.#sources.models.flush();
    this.#fleet();
    const services = new Map<string, { guarded: number; made: number }>();
    for (const { service, guarded, unguarded } of coverage.report().rows) {
      const sum = services.get(service) ?? { guarded: 0, made: 0 };
      sum.guarded += guarded;
      sum.made += guarded + Object.values(unguarded).reduce((total, count) => total + count, 0);
      services.set(service, sum);
    }
    for (const [service, { guarded, made }] of services)
      if (made > 0) metrics.set(METRIC.COVERAGE, { service }, guarded / made);
    this.#alerts(publication.guardrails.map(({ guardrail }) => guardrail.metadata.name));
    metrics.clear(METRIC.DOCUMENT_DRIFT);
    for (const { kind, name } of this.#sources.drifted())
      metrics.set(METRIC.DOCUMENT_DRIFT, { kind, document: name }, 1);
    metrics.set(METRIC.KILL_SWITCH_ACTIVE, {}, kill.list().length);
    metrics.set(METRIC.AUDIT_AGE, {}, this.#sources.committer.age);
    this.#count(METRIC.AUDIT_DROPPED, this.#sources.recorder.dropped);
    metrics.set(METRIC.STORE_DEGRADED, {}, store.status().degraded ? 1 : 0);
    metrics.set(METRIC.LOOP_LAG, { quantile: '0.5' }, this.#lag.percentile(50) / 1e9);
    metrics.set(METRIC.LOOP_LAG, { quantile: '0.99' }, this.#lag.percentile(99) / 1e9);
    this.#lag.reset();
  }

  close(): void {
    this.#lag.disable();
  }

  async #guardrails(guardrails: readonly RevisedGuardrail[], overReactions: readonly OverReaction[]): Promise<void> {
    const { metrics, engine, fleet, directives, pace, publication } = this.#sources;
    const firing = new Map<string, number>();
    const kept = new Map<string, boolean>();
    const moved = new Map<string, number>();
    const folds = this.#series.begin(guardrails);
    const quiet = quietSeries(guardrails);
    await inSlices(engine.seriesSteps(), pace, (view) => {
      if (view === undefined) return;
      folds.take(view);
      const { guardrail, series, state, evidence } = view;
      if ((state === 'firing' || state === 'probing') && !quiet(guardrail, series))
        firing.set(guardrail, (firing.get(guardrail) ?? 0) + 1);
      if (evidence === undefined) return;
      kept.set(guardrail, evidence.promise.status === 'kept' && kept.get(guardrail) !== false);
      const { baseline } = evidence;
      if (baseline === undefined || baseline.budget === 1) return;
      const used = baseline.spent ? 1 : Math.abs(Math.log(baseline.moved)) / Math.log(baseline.budget);
      moved.set(guardrail, Math.max(used, moved.get(guardrail) ?? 0));
    });
    await inSlices(this.#series.show(folds), pace, () => undefined);
    const waiting = new Map<string, number>();
    for (const { guardrail } of directives().pending()) waiting.set(guardrail, (waiting.get(guardrail) ?? 0) + 1);
    const held = new Map<string, number>();
    for (const { wire } of directives().held()) held.set(wire.guardrail, (held.get(wire.guardrail) ?? 0) + 1);
    const unconfirmed = new Map<string, number>();
    for (const directive of directives().held())
      if (this.#sources.isUnconfirmed(directive, CONFIRMS_WITHIN))
        unconfirmed.set(directive.wire.guardrail, (unconfirmed.get(directive.wire.guardrail) ?? 0) + 1);
    const over = new Set(overReactions.map(({ guardrail }) => guardrail));
    const live = fleet.live();
    for (const name of GAUGES) metrics.clear(name);
    // Others may have come into force meanwhile.
    for (const { guardrail } of publication.guardrails) {
      const { name } = guardrail.metadata;
      const { at } = guardrail.spec;
      metrics.set(METRIC.GUARDRAIL_FIRING, { guardrail: name }, firing.get(name) ?? 0);
      metrics.set(METRIC.DIRECTIVES_ACTIVE, { guardrail: name }, held.get(name) ?? 0);
      metrics.set(METRIC.DIRECTIVES_PENDING, { guardrail: name }, waiting.get(name) ?? 0);
      metrics.set(METRIC.DIRECTIVES_UNCONFIRMED, { guardrail: name }, unconfirmed.get(name) ?? 0);
      const inert = strictestMode(guardrail.spec) !== 'off' && reachOf(guardrail, live).state === 'inert';
      metrics.set(METRIC.GUARDRAIL_INERT, { guardrail: name }, inert ? 1 : 0);
      if (kept.has(name)) metrics.set(METRIC.GUARDRAIL_PROMISE_KEPT, { guardrail: name }, kept.get(name) ? 1 : 0);
      if (moved.has(name)) metrics.set(METRIC.GUARDRAIL_BASELINE_MOVED, { guardrail: name }, moved.get(name)!);
      if (at !== null) metrics.set(METRIC.GUARDRAIL_OVERREACTING, { guardrail: name }, over.has(name) ? 1 : 0);
    }
  }

  #alerts(names: readonly string[]): void {
    const { metrics, alerts } = this.#sources;
    metrics.clear(METRIC.GUARDRAIL_TOLD);
    metrics.clear(METRIC.ALERTS_FOLDED);
    const told = alerts.told(names);
    for (const guardrail of names) metrics.set(METRIC.GUARDRAIL_TOLD, { guardrail }, told.has(guardrail) ? 1 : 0);
    for (const { owner, severity, folded, byRule } of alerts.storms())
      metrics.set(METRIC.ALERTS_FOLDED, { owner, severity, by: byRule ? 'rule' : 'evaluator' }, folded);
    const waiting = alerts.instances().map((instance) => instance.waiting);
    if (waiting.length > 0)
      metrics.set(METRIC.NOTIFICATIONS_WAITING, { receiver: 'alertmanager' }, Math.max(...waiting));
    const rows = this.#sources.webhooks.rows();
    const dead = rows.filter(({ deadAt }) => deadAt > 0).length;
    metrics.set(METRIC.NOTIFICATIONS_WAITING, { receiver: 'webhook' }, rows.length - dead);
    metrics.set(METRIC.NOTIFICATIONS_DEAD, { receiver: 'webhook' }, dead);
  }

  #fleet(): void {
    const { metrics, fleet, publication } = this.#sources;
    const counts = new Map<string, { current: number; behind: number; nacked: number }>();
    for (const { resource, revision, nacks } of fleet.live()) {
      const count = counts.get(resource.service) ?? { current: 0, behind: 0, nacked: 0 };
      if (nacks.length > 0) count.nacked++;
      else if (revision === publication.selection(resource).revision) count.current++;
      else count.behind++;
      counts.set(resource.service, count);
    }
    metrics.clear(METRIC.FLEET_INSTANCES);
    for (const [service, count] of counts)
      for (const [state, value] of Object.entries(count))
        metrics.set(METRIC.FLEET_INSTANCES, { service, state }, value);
  }

  #count(name: Total, total: number): void {
    this.#sources.metrics.add(name, {}, Math.max(0, total - (this.#counted.get(name) ?? 0)));
    this.#counted.set(name, total);
  }
}

/** Seconds within which a connected process confirms a directive, or a pull brings its confirmation. */
const CONFIRMS_WITHIN = 10;
const GAUGES = [
  METRIC.GUARDRAIL_FIRING,
  METRIC.DIRECTIVES_ACTIVE,
  METRIC.DIRECTIVES_PENDING,
  METRIC.DIRECTIVES_UNCONFIRMED,
  METRIC.GUARDRAIL_INERT,
  METRIC.GUARDRAIL_OVERREACTING,
  METRIC.GUARDRAIL_PROMISE_KEPT,
  METRIC.GUARDRAIL_BASELINE_MOVED,
] as const;
type Total =
  | typeof METRIC.AUDIT_DROPPED
  | typeof METRIC.CALLS
  | typeof METRIC.DEDUPLICATED
  | typeof METRIC.LATE_CALLS
  | typeof METRIC.CLOCK_CORRECTED;

/** Series that only record, in the environment of an override, of a guard-rail that warns or acts elsewhere: they are not what its alert is about. */
function quietSeries(
  guardrails: readonly RevisedGuardrail[],
): (guardrail: string, series: { readonly [field: string]: string }) => boolean {
  const overridden = new Map(
    guardrails.flatMap(({ guardrail: { metadata, spec } }) =>
      spec.overrides !== undefined && strictestMode(spec) !== 'dryrun' ? [[metadata.name, spec] as const] : [],
    ),
  );
  return (guardrail, series) => {
    const spec = overridden.get(guardrail);
    return spec !== undefined && seriesMode(spec, series) === 'dryrun';
  };
}
