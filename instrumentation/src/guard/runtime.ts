import { diag } from '@opentelemetry/api';
import { resolveConfig } from '../config/resolve-config.js';
import type { GuardConfig } from '../config/resolve-config.js';
import { lateOptions } from '../config/setting-problems.js';
import { warnOf } from '../config/warn-of.js';
import { DetectorRegistry } from '../external/detector-registry.js';
import { RewriterRegistry } from '../rewrite/rewriter-registry.js';
import { loadedClients } from '../loader/clients.js';
import { GuardProcess } from './guard-process.js';
import { noopRuntime } from './noop-runtime.js';
import { randomHex } from './random-ids.js';
import { sharedState } from './shared-state.js';
import { SiteRegistry } from './site-registry.js';
import type { GuardStatus } from './status.js';
import type { GuardRuntime } from './types.js';

interface Holder {
  sites: SiteRegistry;
  detectors: DetectorRegistry;
  rewriters: RewriterRegistry;
  noop: GuardRuntime;
  process: GuardProcess | null;
}

const held = sharedState<Holder>('runtime.v1', () => {
  const sites = new SiteRegistry();
  const detectors = new DetectorRegistry();
  const rewriters = new RewriterRegistry();
  return { sites, detectors, rewriters, noop: noopRuntime(sites, detectors, rewriters), process: null };
});

/** The decision point of this process: a noop until {@link startGuard}. */
export function getRuntime(): GuardRuntime {
  return held.process?.core ?? held.noop;
}

/**
 * Starts the guard of this process: last-known-good guard-rails from disk, the channel to the evaluator, the feed, coverage. Options that are absent come from the
 * environment (docs/agent.md). When the guard runs already only `targets`, `detectors` and `rewriters` are taken. Returns at once and never throws: a guard that cannot start leaves the
 * application running and says so in a warning of Node, as it does of settings that are wrong (docs/errors.md).
 */
export function startGuard(config: GuardConfig = {}): void {
  try {
    if (held.process) {
      for (const target of config.targets ?? []) held.sites.declareTarget(target);
      for (const detector of config.detectors ?? []) held.detectors.declare(detector);
      for (const rewriter of config.rewriters ?? []) held.rewriters.declare(rewriter);
      const { config: inForce } = held.process;
      lateOptions(config, { ...inForce, ...inForce.resource }).forEach(warnOf);
      return;
    }
    const resolved = resolveConfig(config, process.env, () => randomHex(16));
    resolved.problems.forEach(warnOf);
    held.process = new GuardProcess(resolved, held);
  } catch (error) {
    const message = `the guard could not be started, and calls are made unguarded: ${(error as Error).message}`;
    warnOf({ code: 'GUARDSPAN_NOT_STARTED', message });
    diag.error('Guardspan: the guard could not be started', error);
  }
}

/**
 * Waits until the evaluator has told this process its guard-rails and directives: before the first call of a function or a job, before a new worker takes
 * requests. Resolves with false when that does not happen within so many milliseconds (2,000 by default), or at once when there is no evaluator; calls are made
 * as ever then, by the guard-rails of the last run. Never rejects.
 */
export function guardReady(milliseconds = 2000): Promise<boolean> {
  return held.process?.ready(milliseconds) ?? Promise.resolve(false);
}

/** Sends what waits (feed, reports, decisions). Resolves within two seconds, whether it arrives or not; never rejects. */
export async function flushGuard(): Promise<void> {
  try {
    await held.process?.flush();
  } catch (error) {
    diag.error('Guardspan: the last records could not be sent', error);
  }
}

/** Ends the guard: sends what waits, closes the channel. Calls go on unguarded. Never rejects. */
export async function stopGuard(): Promise<void> {
  const running = held.process;
  held.process = null;
  try {
    await running?.stop();
  } catch (error) {
    diag.error('Guardspan: the guard could not be stopped cleanly', error);
  }
}

/** What the guard of this process is doing now. */
export function status(): GuardStatus {
  return held.process?.status() ?? stopped();
}

function stopped(): GuardStatus {
  return {
    running: false,
    service: '',
    instance: '',
    incarnation: '',
    connection: 'none',
    channel: 'none',
    connectionError: '',
    freshness: 'none',
    revision: '',
    guardrails: 0,
    errors: [],
    settings: [],
    epoch: 0,
    directives: [],
    coverage: { calls: 0, guarded: 0, coverage: NaN },
    gaps: [],
    feed: { queued: 0, dropped: 0 },
    decisions: { waiting: 0, dropped: 0 },
    clients: loadedClients(),
    kill: { disabled: false, file: false, switches: [] },
    stream: { answers: 0, heldMax: 0 },
    rego: [],
    failures: 0,
    snapshotError: '',
  };
}
