import { existsSync } from 'node:fs';
import type { Tracer, TracerProvider } from '@opentelemetry/api';
import { CHANNEL_PROTOCOL, FEATURE_LEVEL, SCOPE_NAME, usePatternSets } from '@guardspan/policy/runtime';
import type { ClientMessage, HelloMessage, ServerMessage, SitesMessage } from '@guardspan/policy/runtime';
import { agentToken } from '../channel/agent-token.js';
import { AutoLink } from '../channel/auto-link.js';
import type { AutoLinkOptions } from '../channel/auto-link.js';
import type { Link } from '../channel/link.js';
import { MessageHandler } from '../channel/message-handler.js';
import { PullLink } from '../channel/pull-link.js';
import { SnapshotFile } from '../channel/snapshot-file.js';
import { WebSocketLink } from '../channel/websocket-link.js';
import type { ResolvedConfig } from '../config/resolve-config.js';
import { warnOfRefusal, warnOfTokenFile } from '../config/warn-of.js';
import { DEFAULT_MODEL_HOSTS, ModelHosts } from '../coverage/model-hosts.js';
import { unpatchedClient } from '../coverage/unpatched-client.js';
import { watchOutbound } from '../coverage/watch-outbound.js';
import type { DetectorRegistry } from '../external/detector-registry.js';
import { Feed } from '../feed/feed.js';
import { FEED_SCOPE, feedResource } from '../feed/feed-record.js';
import { RequestEncoder } from '../feed/otlp-json.js';
import { otlpSender } from '../feed/otlp-sender.js';
import { useDeclaredServers } from '../models/http/declared-servers.js';
import { patchFetch } from '../models/http/patch-fetch.js';
import { patchNodeHttp } from '../models/http/patch-node-http.js';
import type { Patch, PatchHost } from '../loader/patch.js';
import { loadedClients } from '../loader/clients.js';
import { nativeSets } from '../loader/native-sets.js';
import { RegoEngines } from '../rego/rego-engines.js';
import { aboutToCall } from '../sdk/first-call.js';
import { tracerProvider } from '../sdk/tracer-provider.js';
import { systemClock } from './clock.js';
import { GuardCore } from './guard-core.js';
import { randomHex } from './random-ids.js';
import type { RewriterRegistry } from '../rewrite/rewriter-registry.js';
import type { SiteRegistry } from './site-registry.js';
import type { GuardStatus } from './status.js';
import { TargetChecks } from './target-checks.js';

/** Seconds after a lost connection for which the process still counts as connected. */
const GRACE = 5;
/** Milliseconds between looks at the kill file. */
const KILL_POLL = 250;
/** Milliseconds between looks at calls that have not ended: well within the two seconds by which a bucket waits for them. */
const OPEN_POLL = 100;
/** Milliseconds that decisions wait for others. */
const DECISION_DELAY = 50;
/** Milliseconds for the last words at the end of the process. */
const FLUSH_TIMEOUT = 1500;

function unrefInterval(fn: () => void, milliseconds: number): ReturnType<typeof setInterval> {
  const timer = setInterval(fn, milliseconds);
  timer.unref();
  return timer;
}

/** The tracer of the provider that is set; asked for anew only when another provider is. */
function currentTracer(): () => Tracer {
  let provider: TracerProvider | undefined;
  let tracer: Tracer;
  return () => {
    const current = tracerProvider();
    if (current !== provider) {
      provider = current;
      tracer = current.getTracer(SCOPE_NAME, FEED_SCOPE.version);
    }
    return tracer;
  };
}

/** What code of this process declares, before and after the guard starts. */
export interface Declared {
  sites: SiteRegistry;
  detectors: DetectorRegistry;
  rewriters: RewriterRegistry;
}

/** The running guard of this process: the core with its sockets, files and timers, none of which keeps the process alive. */
export class GuardProcess {
  readonly core: GuardCore;
  readonly #incarnation = randomHex(16);
  readonly #handler: MessageHandler;
  readonly #engines: RegoEngines;
  /** Null when nobody is there to take it. */
  readonly #feed: Feed | null;
  readonly #closeFeed: (() => void) | null;
  readonly #link: Link | null;
  readonly #stopWatching: () => void;
  readonly #httpPatches: (Patch | null)[];
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  #decisionTimer: ReturnType<typeof setTimeout> | null = null;
  #graceTimer: ReturnType<typeof setTimeout> | null = null;
  #snapshotError = '';

  constructor(
    readonly config: ResolvedConfig,
    private readonly declared: Declared,
  ) {
    const { sites, detectors, rewriters } = declared;
    usePatternSets(nativeSets());
    const token = agentToken(config.token, config.tokenFile, warnOfTokenFile);
    const { otlpEndpoint } = config;
    const sender = otlpEndpoint === '' ? null : otlpSender(otlpEndpoint, token);
    this.#closeFeed = sender?.close ?? null;
    const encoder = new RequestEncoder(feedResource(config.resource, config.instance, this.#incarnation), FEED_SCOPE);
    this.#feed = sender === null ? null : new Feed(encoder, sender.send);
    this.#engines = new RegoEngines(config.rego, systemClock);
    this.core = new GuardCore({
      resource: config.resource,
      instance: config.instance,
      incarnation: this.#incarnation,
      allow: config.allow,
      capture: config.capture,
      disabled: config.disabled,
      maxHeld: config.maxHeld,
      clock: systemClock,
      random: Math.random,
      sites,
      detectors,
      rewriters,
      engines: this.#engines,
      feed: this.#feed,
      tracer: currentTracer(),
      onRecord: () => this.#sendDecisionsSoon(),
    });
    for (const target of config.targets) sites.declareTarget(target);
    for (const detector of config.detectors) detectors.declare(detector);
    for (const rewriter of config.rewriters) rewriters.declare(rewriter);
    const disk = config.snapshotDir === '' ? null : new SnapshotFile(config.snapshotDir);
    this.#handler = new MessageHandler(this.core, config.allow, (revision, guardrails) => {
      this.#snapshotError = disk?.save(revision, guardrails) ?? '';
    });
    const last = disk?.load();
    if (last) this.#handler.restore(last);
    this.#link = config.endpoint === '' ? null : this.#makeLink(token);
    this.#stopWatching = watchOutbound(new ModelHosts([...DEFAULT_MODEL_HOSTS, ...config.modelHosts]), (host, path) => {
      const client = unpatchedClient(loadedClients(), host, path);
      this.core.unguarded(client === undefined ? 'raw_http' : 'unpatched_client', client ?? host);
    });
    useDeclaredServers(config.httpModels);
    const host: PatchHost = {
      runtime: () => {
        aboutToCall();
        return this.core;
      },
      declare: (site) => sites.declareSite(site),
    };
    this.#httpPatches = [patchFetch(globalThis, config.httpModels, host), patchNodeHttp(config.httpModels, host)];
    sites.onChange(() => this.#sitesChanged());
    detectors.onChange(() => this.#reconsider());
    rewriters.onChange(() => this.#sitesChanged());
    if (config.killFile !== '') {
      const look = (): void => {
        this.core.kills.file = existsSync(config.killFile);
      };
      look();
      this.#timers.push(unrefInterval(look, KILL_POLL));
    }
    const checks = [new TargetChecks(sites, systemClock), new TargetChecks(rewriters, systemClock, 'rewriter')];
    const check = (): void => checks.forEach((each) => each.tick());
    check();
    this.#timers.push(unrefInterval(check, 1000));
    this.#timers.push(unrefInterval(() => this.#tick(), 1000));
    this.#timers.push(unrefInterval(() => this.core.open.tick(systemClock.monotonic()), OPEN_POLL));
    this.#link?.connect();
  }

  /** Sends what waits; resolves soon, whether it arrives or not. */
  async flush(): Promise<void> {
    this.#report();
    this.#sendDecisions();
    await Promise.all([this.#feed?.flush(FLUSH_TIMEOUT), this.#link?.flush(FLUSH_TIMEOUT)]);
  }

  /** Resolves with true when an evaluator has given its word on the guard-rails; with false after so many milliseconds, at once when there is none. */
  ready(milliseconds: number): Promise<boolean> {
    return this.#link === null ? Promise.resolve(false) : this.core.whenLive(milliseconds);
  }

  /** Ends everything that was started. */
  async stop(): Promise<void> {
    this.declared.sites.onChange(null);
    this.declared.detectors.onChange(null);
    this.declared.rewriters.onChange(null);
    this.#stopWatching();
    for (const patch of this.#httpPatches) patch?.undo();
    useDeclaredServers([]);
    for (const timer of this.#timers) clearInterval(timer);
    await this.flush();
    if (this.#decisionTimer) clearTimeout(this.#decisionTimer);
    if (this.#graceTimer) clearTimeout(this.#graceTimer);
    await this.#link?.close();
    this.#engines.close();
    this.#closeFeed?.();
  }

  status(): GuardStatus {
    const { core, config } = this;
    return {
      running: true,
      service: config.resource.service,
      instance: config.instance,
      incarnation: this.#incarnation,
      connection: this.#link?.state ?? 'none',
      channel: this.#link?.transport ?? 'none',
      connectionError: this.#link?.lastError ?? '',
      freshness: core.freshness(),
      revision: this.#handler.revision,
      guardrails: core.set.guardrails.length,
      errors: this.#handler.errors,
      settings: config.problems,
      epoch: core.directives.epoch,
      directives: core.directives.list(),
      coverage: core.counters.coverage(),
      gaps: core.counters.gaps(),
      feed: { queued: this.#feed?.queued ?? 0, dropped: this.#feed?.dropped ?? 0 },
      decisions: { waiting: core.decisions.size, dropped: core.decisions.dropped },
      clients: loadedClients(),
      kill: { disabled: core.disabled, file: core.kills.file, switches: core.kills.active() },
      stream: { ...core.streams },
      rego: this.#engines.list(),
      failures: core.failures,
      snapshotError: this.#snapshotError,
    };
  }

  #makeLink(token: () => string): Link {
    const { endpoint, channel } = this.config;
    const base = { endpoint, token, random: Math.random };
    const websocket = (events?: Parameters<AutoLinkOptions['websocket']>[0]): WebSocketLink => {
      const link: WebSocketLink = new WebSocketLink({
        ...base,
        clock: systemClock,
        handlers: {
          hello: () => {
            events?.opened();
            this.core.counters.resend();
            this.core.decisions.rewind();
            return this.#hello();
          },
          message: (message) => this.#take(message, link),
          down: () => this.#lost(),
          ...(events ? { upgradeFailed: events.upgradeFailed } : {}),
        },
      });
      return link;
    };
    const pull = (events?: Parameters<AutoLinkOptions['pull']>[0]): PullLink => {
      this.core.counters.resend();
      const link: PullLink = new PullLink({
        ...base,
        collect: (maxDecisions) => this.#collect(maxDecisions),
        message: (message) => this.#take(message, link),
        up: () => {
          events?.up();
          this.#found();
          this.core.live = this.core.known;
        },
        failed: (wasOpen) => {
          this.core.counters.resend();
          if (wasOpen) this.#lost();
          events?.failed();
        },
      });
      return link;
    };
    if (channel === 'pull') return pull();
    return channel === 'websocket' ? websocket() : new AutoLink({ websocket, pull });
  }

  /** Carries out a message and answers on the link that it came by. */
  #take(message: ServerMessage, link: WebSocketLink | PullLink): void {
    const { answers, resync } = this.#handler.handle(message);
    for (const answer of answers) link.send(answer);
    if (message.type === 'welcome') {
      this.#found();
      // Who can be reached on the channel again is likely to take the feed again, whatever its backoff says.
      if (link.transport === 'websocket') this.#feed?.retryNow();
      if (link.transport === 'pull') this.core.counters.resend();
      else this.#sendDecisions();
    }
    if (resync) {
      this.#handler.forget();
      link.restart();
    }
  }

  /** What an exchange says. What the last one said and nobody confirmed is said again. */
  #collect(maxDecisions: number): ClientMessage[] {
    const { core } = this;
    const { maxReportCells, maxDecisions: limit, maxMessageBytes } = this.#handler.limits;
    core.decisions.rewind();
    const report = core.counters.take(systemClock.wall(), this.#feed?.dropped ?? 0, maxReportCells);
    const decisions = core.decisions.take(Math.min(maxDecisions, limit), maxMessageBytes);
    return [this.#hello(), ...(report ? [report] : []), ...(decisions ? [decisions] : [])];
  }

  #hello(): HelloMessage {
    const { config, core } = this;
    return {
      type: 'hello',
      protocols: [CHANNEL_PROTOCOL],
      featureLevel: FEATURE_LEVEL,
      instance: config.instance,
      incarnation: this.#incarnation,
      sdk: FEED_SCOPE,
      resource: config.resource,
      ...this.#describe(),
      allow: { actions: [...config.allow] },
      have: { revision: this.#handler.revision, epoch: core.directives.epoch, directiveSeq: core.directives.seq },
    };
  }

  #describe(): Omit<SitesMessage, 'type'> {
    const engines = this.#engines.names();
    const rewriters = this.declared.rewriters.names();
    return {
      ...this.declared.sites.describe(),
      ...(engines.length === 0 ? {} : { engines }),
      ...(rewriters.length === 0 ? {} : { rewriters }),
    };
  }

  #found(): void {
    if (this.#graceTimer) clearTimeout(this.#graceTimer);
    this.#graceTimer = null;
  }

  #lost(): void {
    if (this.#graceTimer) return;
    this.#graceTimer = setTimeout(() => {
      this.#graceTimer = null;
      this.core.live = false;
    }, GRACE * 1000);
    this.#graceTimer.unref();
  }

  #tick(): void {
    this.#link?.tick(this.#handler.heartbeat);
    if (this.#link?.state === 'refused') warnOfRefusal(this.config.endpoint, this.#link.lastError);
    this.#report();
    this.#sendDecisions();
  }

  #report(): void {
    const link = this.#link;
    if (link?.transport !== 'websocket' || !link.open || link.congested) return;
    const report = this.core.counters.take(
      systemClock.wall(),
      this.#feed?.dropped ?? 0,
      this.#handler.limits.maxReportCells,
    );
    if (report) link.send(report);
  }

  #sendDecisionsSoon(): void {
    if (this.#decisionTimer || !this.#link?.open) return;
    this.#decisionTimer = setTimeout(() => {
      this.#decisionTimer = null;
      this.#sendDecisions();
    }, DECISION_DELAY);
    this.#decisionTimer.unref();
  }

  #sendDecisions(): void {
    const link = this.#link;
    if (link?.transport !== 'websocket') return;
    while (link.open && !link.congested) {
      const { maxDecisions, maxMessageBytes } = this.#handler.limits;
      const message = this.core.decisions.take(maxDecisions, maxMessageBytes);
      if (!message) return;
      link.send(message);
    }
  }

  #sitesChanged(): void {
    const link = this.#link;
    if (!link?.open) return;
    // An exchange says it in each `hello`.
    if (link.transport === 'websocket') link.send({ type: 'sites', ...this.#describe() });
    this.#reconsider();
  }

  #reconsider(): void {
    const link = this.#link;
    if (!link?.open) return;
    const verdict = this.#handler.reconsider();
    if (verdict) link.send(verdict);
  }
}
