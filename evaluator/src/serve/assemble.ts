import { METRIC, strictestMode } from '@guardspan/policy';
import type { Bindings, DecisionRecord, ReportMessage } from '@guardspan/policy';
import type { Logger } from 'pino';
import type { Authenticator } from '../auth/types.js';
import { AgentPull } from '../channel/agent-pull.js';
import { ChannelServer } from '../channel/channel-server.js';
import { DirectiveManager } from '../channel/directives/directive-manager.js';
import { Recorder } from '../channel/directives/recorder.js';
import { Fleet } from '../channel/fleet/fleet.js';
import { FleetApiView } from '../channel/fleet/fleet-view.js';
import type { Instance } from '../channel/fleet/instance.js';
import { KillSwitches } from '../channel/kill-switches.js';
import { Publication } from '../channel/publication.js';
import type { EvaluatorConfig } from '../config/reference.js';
import { Coverage } from '../coverage/coverage.js';
import { DispositionHistory } from '../coverage/disposition-history.js';
import { OverReactionWatch } from '../coverage/over-reaction.js';
import type { OverReaction } from '../coverage/over-reaction.js';
import { createDecider } from '../decide/create-decider.js';
import { createEngine } from '../engine/create-engine.js';
import type { CallSink } from '../engine/types.js';
import { createApi } from '../http/create-api.js';
import type { ApiHandler } from '../http/create-api.js';
import type { DocumentService } from '../http/deps.js';
import { createDocumentService } from '../http/documents/document-service.js';
import { createEventLog } from '../http/event-log.js';
import { Metrics } from '../metrics/metrics.js';
import { ModelAccount } from '../metrics/model-account.js';
import { RerouteAccount } from '../metrics/reroute-account.js';
import { UnenforcedAccount } from '../metrics/unenforced-account.js';
import type { Store } from '../store/types.js';
import type { DirectAlerts } from '../alert/direct-alerts.js';
import { Committer } from './committer.js';
import { withAccounts } from './accounting-sink.js';
import { createAlerts } from './create-alerts.js';
import { createWebhooks } from './create-webhooks.js';
import type { Pace } from '../engine/slices.js';
import { loopPace } from './loop-pace.js';
import { loopPause } from './loop-pause.js';
import { GuardrailsInForce } from './guardrails-in-force.js';
import { MetricUpdater } from './metric-updater.js';

/** What the world lends to an evaluator. */
export interface World {
  store: Store;
  auth: Authenticator;
  log: Logger;
  /** Seconds from epoch. */
  now: () => number;
  /** 16 random bytes in hexadecimal. */
  newId: () => string;
  /** How long work over all series may hold the thread. Default {@link loopPace}. */
  pace?: Pace;
}

/** The evaluator without its ports: everything between the receivers and the channel. */
export interface Assembly {
  /** Where receivers put calls. */
  sink: CallSink;
  api: ApiHandler;
  channel: ChannelServer;
  documents: DocumentService;
  metrics: Metrics;
  alerts: DirectAlerts;
  /** Moves everything that time alone moves; call it each 100 ms. */
  tick(): void;
  /** Fills the gauges; call it before a scrape. */
  refresh(): Promise<void>;
  /** Closes the channel and makes a last commit. Rejects when that fails. */
  close(): Promise<void>;
}

/** Wires store, engine, directives, channel, coverage, API and metrics together, and takes over what an earlier start left. */
export async function assemble(config: EvaluatorConfig, world: World): Promise<Assembly> {
  const { store, auth, log, now, newId, pace = loopPace() } = world;
  const approvals = config.approvals && !auth.singleUser;
  const metrics = new Metrics();
  metrics.set(METRIC.BUILD_INFO, { version: VERSION, node: process.versions.node }, 1);
  // From 0, so that the first refusal is an increase.
  for (const reason of ['malformed', 'too_large', 'forbidden', 'unavailable'])
    metrics.add(METRIC.INGEST_REJECTED, { reason }, 0);
  const events = createEventLog(newId().slice(0, 8));
  const fleet = new Fleet({ now });
  const publication = new Publication();
  const inForce = new GuardrailsInForce();
  const coverage = new Coverage(metrics);
  const watch = new OverReactionWatch();
  const history = new DispositionHistory(now());
  const recorder = new Recorder();
  const fleetView = new FleetApiView(fleet, publication);

  const engine = createEngine({
    newId,
    maxSeries: config.maxSeries,
    clockOffset: (incarnation) => fleet.clockOffset(incarnation),
    isHeld: (verdictId) => directives.isHeld(verdictId),
    onError: (error) => log.error({ err: error }, 'engine'),
    pace,
    ...(config.ack === 'memory' ? {} : { flush: () => committer.durable() }),
  });
  const committer = new Committer({
    store,
    recorder,
    metrics,
    interval: config.commitInterval,
    checkpoint: (onCut) => engine.checkpoint(onCut),
    onError: (error) => log.error({ err: error }, 'commit failed; it is tried again'),
  });

  let restored = false;
  const epoch = await store.nextEpoch();
  const directives: DirectiveManager = new DirectiveManager({
    epoch,
    lease: config.lease,
    now,
    newId,
    recorder,
    metrics,
    events,
    guardrail: (name) => publication.get(name),
    answered: () => {
      if (!restored) return;
      alerts.published();
      committer.request();
    },
    reach: (directive) => channel.outgoing.reach(directive),
  });
  const kill = new KillSwitches({
    store,
    now,
    events,
    changed: () => {
      channel.killChanged();
    },
  });
  const onReport = (instance: Instance, report: ReportMessage): void => {
    const growth = coverage.accept(instance, report);
    watch.accept(growth, publication.selection(instance.resource).guardrails, now());
    history.accept(growth, now());
    for (const { guardrail, disposition, action, count } of growth.dispositions)
      if (publication.get(guardrail) !== undefined)
        metrics.add(METRIC.DISPOSITIONS, { guardrail, disposition, action }, count);
  };
  const onDecisions = async (
    instance: Instance,
    records: readonly DecisionRecord[],
    dropped: number,
  ): Promise<void> => {
    const actor = `agent:${instance.resource.service}/${instance.instance}`;
    const entries = records.map((record) => ({
      kind: 'decision' as const,
      at: record.at,
      actor,
      guardrail: record.verdicts[0]?.guardrail ?? '',
      traceId: record.traceId,
      verdictId: record.verdicts[0]?.id ?? '',
      body: record,
    }));
    if (dropped > 0)
      entries.push({
        ...{ kind: 'decision' as const, at: now(), actor, guardrail: '', traceId: '', verdictId: '' },
        body: { dropped, incarnation: instance.incarnation } as never,
      });
    if (entries.length > 0) await store.appendAudit(entries);
    // Not before they are on record: what is not, is said again.
    unenforced.decided(records);
  };
  const channel: ChannelServer = new ChannelServer({
    now,
    auth,
    fleet,
    directives,
    kill,
    publication,
    metrics,
    events,
    onReport,
    onDecisions,
    heartbeat: config.heartbeat,
    maxConnections: config.maxConnections,
  });
  const models = new ModelAccount(metrics, (guardrail) => publication.get(guardrail) !== undefined);
  const { alerts, close: closeAlerts } = createAlerts(config, {
    ...{ store, metrics, log, now, events },
    guardrail: (name) => publication.get(name),
    waiting: (name) => directives.pending().filter(({ guardrail }) => guardrail === name),
  });
  const { webhooks, close: closeWebhooks } = createWebhooks(config, { store, metrics, log, events, now, newId });
  const reroutes = new RerouteAccount(metrics);
  const unenforced = new UnenforcedAccount({
    metrics,
    guardrail: (name) => publication.get(name),
    held: () => directives.held(),
    confirmedAt: (incarnation, directive) => fleet.confirmedAt(incarnation, directive),
    asks: (service) => coverage.asks(service),
    killed: (guardrail, { model, service }) => kill.stops(guardrail, model.name, service),
  });
  const updater = new MetricUpdater({
    metrics,
    models,
    engine,
    pace,
    fleet,
    publication,
    directives: () => directives,
    kill,
    coverage,
    store,
    alerts,
    reroutes,
    unenforced,
    isUnconfirmed: (directive, patience) => channel.outgoing.isUnconfirmed(directive, patience),
    webhooks,
    committer,
    recorder,
    drifted: () => documents.drifted(),
  });

  let bindings: Bindings = { exceptions: [], packs: [] };
  const load = (): void => {
    const guardrails = inForce.list();
    publication.set(guardrails, bindings);
    updater.published(guardrails);
    engine.load(
      guardrails.filter(({ guardrail }) => guardrail.spec.over !== null && strictestMode(guardrail.spec) !== 'off'),
      now(),
    );
    channel.published();
    if (!restored) return;
    alerts.published();
    committer.request();
  };
  const documents: DocumentService = createDocumentService({
    store,
    fleet: fleetView,
    events,
    clock: now,
    separateApprover: approvals,
    pause: loopPause(),
    onError: (error) => log.error({ err: error }, 'break-glass edit not taken back'),
    onPublished: (published) => {
      inForce.publish(published.guardrails);
      bindings = published.bindings;
      load();
    },
  });

  const saved = await store.loadCheckpoint();
  engine.restore(saved.buckets, saved.series, saved.seen);
  for (const { name, code, message } of await documents.start())
    log.error({ name, code, message }, 'document kept out');
  await kill.restore();
  // What a person released stays released, even when the evaluator stopped between the record of it and the deed.
  for (const { guardrail, series, verdictId, state } of engine.series()) {
    if (state !== 'firing' && state !== 'probing') continue;
    if (((await store.verdict(verdictId))?.releasedAt ?? 0) > 0) engine.release(guardrail, series, now(), 'evaluator');
  }
  await directives.restore(store, engine.series());
  await webhooks.restore();
  await alerts.restore(engine.series());
  engine.onTransition((transition) => {
    directives.onTransition(transition);
    alerts.onTransition(transition);
    committer.request();
  });
  restored = true;
  const system = (body: unknown): void =>
    recorder.audit({
      ...{ kind: 'system', at: now(), actor: 'evaluator', guardrail: '', traceId: '', verdictId: '' },
      body,
    });
  system({ change: 'started', version: VERSION, epoch, approvals });
  if (auth.singleUser) system({ change: 'single_user', approvals });
  committer.request();

  let overReactions: OverReaction[] = [];
  const judge = (): void => {
    overReactions = watch.check(publication.guardrails, now());
    let changed = false;
    for (const { guardrail, share, calls } of overReactions) {
      if (!inForce.drop(guardrail)) continue;
      changed = true;
      log.warn({ guardrail, share, calls }, 'acts on too many calls; dropped to warn as its document says');
      recorder.audit({
        ...{ kind: 'override', at: now(), actor: 'evaluator', guardrail, traceId: '', verdictId: '' },
        body: { change: 'dropped_to_warn', share, calls },
      });
    }
    if (changed) load();
  };

  let secondAt = 0;
  let prunedAt = -Infinity;
  const api = createApi(
    {
      store,
      auth,
      documents,
      engine,
      fleet: fleetView,
      directives,
      coverage,
      dispositions: history,
      kill,
      alerts,
      webhooks,
      sync: new AgentPull({
        fleet,
        directives,
        publication,
        kill,
        outgoing: channel.outgoing,
        incoming: channel.incoming,
      }),
      decide: createDecider({
        ...{ coverage, watch, history, recorder, metrics, publication, unenforced, directives, kill, now, newId },
        random: Math.random,
        recorded: () => committer.request(),
      }),
      events,
      judged: (guardrail, judgement) => metrics.add(METRIC.FEEDBACK, { guardrail, judgement }, 1),
      models,
      clock: now,
      newId,
      separateApprover: approvals,
      version: VERSION,
    },
    (error) => log.error({ err: error }, 'api'),
  );
  return {
    sink: withAccounts(engine, {
      isOurs: (service) => fleet.knowsService(service),
      foreign: (service, model, version) => coverage.foreign(service, model, version),
      count: (calls, receivedAt) => {
        models.count(calls, receivedAt);
        reroutes.count(calls);
        unenforced.count(calls);
      },
    }),
    api,
    channel,
    documents,
    metrics,
    alerts,
    tick() {
      const time = now();
      engine.tick(time);
      directives.tick();
      kill.tick();
      channel.tick();
      alerts.tick();
      webhooks.tick();
      if (Math.abs(time - secondAt) < 1) return;
      secondAt = time;
      documents.tick();
      fleet.prune();
      judge();
      // Windows move with time alone, and their new state must be durable even when no call comes.
      committer.request();
      if (time - prunedAt < 3600) return;
      prunedAt = time;
      store.prune(time).catch((error: unknown) => log.error({ err: error }, 'prune'));
    },
    refresh: () => updater.update(overReactions),
    async close() {
      updater.close();
      closeAlerts();
      closeWebhooks();
      await channel.close();
      system({ change: 'stopped', epoch });
      await committer.close();
    },
  };
}

const VERSION = '0.1.0';
