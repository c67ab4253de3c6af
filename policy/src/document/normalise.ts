import { actionClassOf, defaultOnError } from '../decide/failure-table.js';
import { API_VERSION } from '../names.js';
import { parseDuration } from './duration.js';
import { normaliseEvidence, settleOf } from './evidence-normalise.js';
import type { AuthoredEvidence } from './evidence-schema.js';
import type { GuardrailDocument } from './schema.js';
import { normaliseMatch, normaliseMetadata, sortedMap } from './normalise-parts.js';
import { normaliseScoping } from './scoping-normalise.js';
import { normaliseValues } from '../values/normalise-values.js';
import type { Action, Guardrail, InlinePoint, Mode, Over, Signal } from './types.js';

/** Every default of the language, in one place. Durations in seconds. */
export const DOCUMENT_DEFAULTS = {
  confidence: 0.95,
  minScore: 0.5,
  position: 'before',
  minSamples: 1,
  settle: 2,
  /** Buckets of a window whose `every` is 0. */
  bucketsPerWindow: 60,
  minBucket: 0.25,
  denyStatus: 403,
  throttleStatus: 429,
  shutdownStatus: 503,
  retryAfter: 0,
  redactWith: '<{entity}>',
  /** Seconds that a rewriter may take. */
  rewriteDeadline: 1,
  rewriteRoles: ['user'],
  percent: 100,
  probe: { share: 0.02, perSecond: 1, minSamples: 20 },
  limits: { maxActedShare: 0.2, maxActedWindow: 600, maxActedMinCalls: 100, onExceed: 'page', maxScopes: 3 },
  mode: 'dryrun',
  onStale: 'allow',
  onNoData: 'keep',
} as const;

const D = DOCUMENT_DEFAULTS;

function seconds(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : parseDuration(text);
}

type AuthoredSignal = NonNullable<NonNullable<GuardrailDocument['spec']['over']>['signals']>[string];

function normaliseSignal(signal: AuthoredSignal): Signal {
  const base = { among: signal.among ?? 'true', confidence: D.confidence };
  if ('quantile' in signal) return { ...base, fn: 'quantile', of: signal.of, q: signal.quantile };
  if ('count' in signal) return { ...base, fn: 'count', of: signal.count };
  if ('rate' in signal) return { ...base, fn: 'rate', of: signal.rate };
  if ('ratio' in signal)
    return { ...base, fn: 'ratio', of: signal.ratio, confidence: signal.confidence ?? D.confidence };
  if ('sum' in signal) return { ...base, fn: 'sum', of: signal.sum };
  return { ...base, fn: 'mean', of: signal.mean };
}

function normaliseOver(over: NonNullable<GuardrailDocument['spec']['over']>): Over {
  const every = seconds(over.every, 0);
  const evidence = over.test === undefined ? undefined : normaliseEvidence(over as AuthoredEvidence);
  const window = seconds(over.window, evidence === undefined ? 0 : every);
  return {
    window,
    every,
    bucket: every > 0 ? every : Math.max(D.minBucket, Math.round((window / D.bucketsPerWindow) * 1000) / 1000),
    settle: seconds(over.settle, evidence === undefined ? D.settle : settleOf(evidence)),
    groupBy: over.groupBy ?? ['model', 'model_version'],
    minSamples: over.minSamples ?? D.minSamples,
    signals: sortedMap(
      Object.fromEntries(Object.entries(over.signals ?? {}).map(([name, signal]) => [name, normaliseSignal(signal)])),
    ),
    ...(evidence === undefined ? {} : { evidence }),
  };
}

function normaliseAction(action: GuardrailDocument['spec']['action'], at: InlinePoint | undefined): Action {
  if ('deny' in action) {
    const { deny } = action;
    return {
      type: 'deny',
      status: deny.status ?? D.denyStatus,
      retryAfter: seconds(deny.retryAfter, D.retryAfter),
      guidance: deny.guidance ?? '',
    };
  }
  if ('redact' in action) {
    const { detections, tools } = action.redact;
    return {
      type: 'redact',
      detections,
      ...(tools === undefined ? {} : { tools: [...new Set(tools)].sort() }),
      with: action.redact.with ?? D.redactWith,
    };
  }
  if ('rewrite' in action) {
    const { rewrite } = action;
    const roles = rewrite.roles ?? (at === 'request' ? D.rewriteRoles : []);
    return {
      type: 'rewrite',
      ...(rewrite.with === undefined ? {} : { with: rewrite.with }),
      ...(rewrite.by === undefined
        ? {}
        : { by: { name: rewrite.by, deadline: seconds(rewrite.deadline, D.rewriteDeadline) } }),
      roles: [...new Set(roles)].sort(),
    };
  }
  if ('throttle' in action) {
    const { throttle } = action;
    const rate = throttle.rate ?? 0;
    return {
      type: 'throttle',
      rate,
      // A rate of 0 refuses every call, also the first.
      burst: rate === 0 ? 0 : (throttle.burst ?? Math.max(1, Math.ceil(rate))),
      status: throttle.status ?? D.throttleStatus,
      retryAfter: seconds(throttle.retryAfter, D.retryAfter),
    };
  }
  if ('reroute' in action)
    return { type: 'reroute', to: action.reroute.to, percent: action.reroute.percent ?? D.percent };
  if ('shutdown' in action) {
    const { shutdown } = action;
    return {
      type: 'shutdown',
      status: shutdown.status ?? D.shutdownStatus,
      retryAfter: seconds(shutdown.retryAfter, D.retryAfter),
      fallback: shutdown.fallback ?? '',
    };
  }
  if ('sample' in action) return { type: 'sample', percent: action.sample.percent };
  return { type: 'annotate', attributes: sortedMap(action.annotate.attributes) };
}

function normaliseRego({
  engine,
  path,
  deadline,
  position,
}: NonNullable<GuardrailDocument['spec']['rego']>): NonNullable<Guardrail['spec']['rego']> {
  if (deadline === undefined) return { engine, path };
  return { engine, path, external: { deadline: parseDuration(deadline), position: position ?? D.position } };
}

function normaliseMode(mode: GuardrailDocument['spec']['mode']): Mode {
  if (mode === 'audit') return 'dryrun';
  if (mode === 'deny') return 'enforce';
  return mode ?? D.mode;
}

/** Fills in every default and turns durations into seconds: the normal form, of which the revision is taken. Pure. */
export function normaliseGuardrail(document: GuardrailDocument): Guardrail {
  const { metadata, spec } = document;
  const over = spec.over === undefined ? null : normaliseOver(spec.over);
  const action = normaliseAction(spec.action, spec.at);
  const { limits, probe } = spec;
  return {
    apiVersion: API_VERSION,
    kind: 'Guardrail',
    metadata: normaliseMetadata(metadata),
    spec: {
      description: spec.description ?? '',
      match: normaliseMatch(spec.match),
      ...normaliseScoping(metadata.name, spec, normaliseMatch),
      at: spec.at ?? null,
      over,
      uses: Object.fromEntries(
        Object.entries(sortedMap(spec.uses)).map(([name, use]) => [
          name,
          {
            detector: use.detector,
            on: use.on,
            entities: [...(use.entities ?? [])].sort(),
            minScore: use.minScore ?? D.minScore,
            ...(use.values === undefined ? {} : { values: normaliseValues(use.values) }),
            ...(use.deadline === undefined
              ? {}
              : { external: { deadline: parseDuration(use.deadline), position: use.position ?? D.position } }),
          },
        ]),
      ),
      ...(spec.rego === undefined ? {} : { rego: normaliseRego(spec.rego) }),
      when: spec.when ?? (spec.rego === undefined ? '' : 'true'),
      until: spec.until ?? '',
      for: seconds(spec.for, 0),
      cooldown: seconds(spec.cooldown, 0),
      scope: spec.scope ?? over?.groupBy ?? [],
      probe: {
        share: probe?.share ?? D.probe.share,
        perSecond: probe?.perSecond ?? D.probe.perSecond,
        minSamples: probe?.minSamples ?? D.probe.minSamples,
      },
      action,
      mode: normaliseMode(spec.mode),
      onError: spec.onError ?? defaultOnError(actionClassOf(action, over !== null)),
      onStale: spec.onStale ?? D.onStale,
      onNoData: spec.onNoData ?? D.onNoData,
      limits: {
        maxActedShare: limits?.maxActedShare ?? D.limits.maxActedShare,
        maxActedWindow: seconds(limits?.maxActedWindow, D.limits.maxActedWindow),
        maxActedMinCalls: limits?.maxActedMinCalls ?? D.limits.maxActedMinCalls,
        onExceed: limits?.onExceed ?? D.limits.onExceed,
        maxScopes: limits?.maxScopes ?? D.limits.maxScopes,
      },
      ...normaliseApproval(spec.approval),
      message: spec.message ?? '',
      // The document's tests are no part of what it enforces, but a change of them is a change of the reviewed text.
      tests: (spec.tests ?? []) as Guardrail['spec']['tests'],
    },
  };
}

function normaliseApproval(
  approval: GuardrailDocument['spec']['approval'],
): Pick<Guardrail['spec'], 'approval' | 'ask'> {
  if (approval === undefined) return {};
  if (approval === 'required') return { approval };
  return { ask: { timeout: parseDuration(approval.timeout), onTimeout: approval.onTimeout ?? 'cancel' } };
}
