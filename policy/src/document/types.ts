import type { CallValue } from '../call/model-call.js';
import type { CheckPosition } from '../external/types.js';
import type { Evidence } from './evidence-types.js';
import type { RegoUse } from '../rego/types.js';
import type { BoundException } from './exception/exception-types.js';
import type { BoundPack } from './pack/pack-types.js';
import type { Scoping } from './scoping-types.js';
import type { ValueRules } from '../values/value-types.js';

/** What a guard-rail may do when it finds a violation, in the order of strictness that composition uses. */
export const ACTION_TYPES = [
  'deny',
  'shutdown',
  'throttle',
  'redact',
  'rewrite',
  'reroute',
  'annotate',
  'sample',
] as const;
/** One of {@link ACTION_TYPES}. */
export type ActionType = (typeof ACTION_TYPES)[number];

/** `off`: not evaluated. `dryrun`: recorded. `warn`: recorded, on the span, alerts. `enforce`: acts. */
export const MODES = ['off', 'dryrun', 'warn', 'enforce'] as const;
/** One of {@link MODES}. */
export type Mode = (typeof MODES)[number];

/** Points at which an inline guard-rail is evaluated: before the model is asked, while a streamed answer arrives (an answer that is not streamed is one chunk), and when it is complete. */
export const INLINE_POINTS = ['request', 'chunk', 'response'] as const;
/** One of {@link INLINE_POINTS}. */
export type InlinePoint = (typeof INLINE_POINTS)[number];

/** AND of keys, OR inside a list, `*` globs. An empty list matches everything. */
export interface Match {
  services: string[];
  models: string[];
  versions: string[];
  environments: string[];
  tenants: string[];
  operations: string[];
  featureViews: string[];
}

/** Whose texts a rewrite at the request may be about. A text of which nobody says whose it is counts as the user's. */
export const REWRITE_ROLES = ['system', 'user', 'assistant', 'tool'] as const;
/** One of {@link REWRITE_ROLES}. */
export type RewriteRole = (typeof REWRITE_ROLES)[number];

/** End the call with a typed error. */
export interface DenyAction {
  type: 'deny';
  /** HTTP-like status on the error. Default 403. */
  status: number;
  /** Seconds; 0 means no advice. */
  retryAfter: number;
  /** A sentence that an agent can retry on; empty when none. Never contains content. */
  guidance: string;
}
/** Replace findings of the named detectors. */
export interface RedactAction {
  type: 'redact';
  /** Names from `uses`. */
  detections: string[];
  /** Present when only arguments of calls of these tools are looked into: names with `*` globs, sorted. Absent: every text. */
  tools?: string[];
  /** Replacement; `{entity}` is the entity's name. Default `<{entity}>`. */
  with: string;
}
/**
 * Put another text in the place of each text of the call, by itself. Exactly one of `with` and `by` is there. What tools are given (arguments of a call) is left
 * as it is.
 */
export interface RewriteAction {
  type: 'rewrite';
  /** A literal; `{text}` stands for the text as it was after redactions, without it the text is replaced. */
  with?: string;
  /** A rewriter that the process itself declares by this name, and the seconds that it may take. */
  by?: { name: string; deadline: number };
  /** At request: whose texts, sorted. Default `user`. Empty at other points, where the model speaks. */
  roles: RewriteRole[];
}
/** Limit calls of the scope. The rate is for the whole scope; the evaluator gives each live instance its share. */
export interface ThrottleAction {
  type: 'throttle';
  /** Calls per second; 0 refuses every call of the scope (apart from probes). */
  rate: number;
  /** Bucket size in calls, at least 1 when rate > 0. */
  burst: number;
  /** Default 429. */
  status: number;
  /** Seconds. */
  retryAfter: number;
}
/** Send calls to a target that the process itself declares, by name. */
export interface RerouteAction {
  type: 'reroute';
  to: string;
  /** 0..100. */
  percent: number;
}
/** End every call of the scope until released; with a fallback, answer from that declared target instead. */
export interface ShutdownAction {
  type: 'shutdown';
  /** Default 503. */
  status: number;
  retryAfter: number;
  /** Name of a declared target, or empty. */
  fallback: string;
}
/** Put attributes on the span and the record. */
export interface AnnotateAction {
  type: 'annotate';
  attributes: { [key: string]: string };
}
/** Mark a share of the calls for samplers of traces, by their traces: nothing about the call changes. */
export interface SampleAction {
  type: 'sample';
  /** 0..100. */
  percent: number;
}
/** What a guard-rail does, with its settings. Durations in seconds. */
export type Action =
  | DenyAction
  | RedactAction
  | RewriteAction
  | ThrottleAction
  | RerouteAction
  | ShutdownAction
  | AnnotateAction
  | SampleAction;

/** A lazily evaluated detector on text, or a check of values. Its result is a variable `{count, entities, maxScore}` of conditions; of values also `fields`. */
export interface DetectorUse {
  /** Name of a detector or a pack, e.g. `pii`. */
  detector: string;
  /** Which text, `prompt.text` (request) or `output.text` (response); which values, `features` or `output.values` (response). */
  on: 'prompt.text' | 'output.text' | 'features' | 'output.values';
  /** Entities to look for; empty means all of the detector. */
  entities: string[];
  /** 0..1. Default 0.5. */
  minScore: number;
  /** Present when the detector is a model or a service that the process itself declares by this name (`deadline` in a document). */
  external?: {
    /** Seconds. */
    deadline: number;
    /** `before`: the model is asked after the answer. `beside`: at the same time, and its answer is held. Default `before`. */
    position: CheckPosition;
  };
  /** Present when `detector` is `values`: what each value has to be. */
  values?: ValueRules;
  /** The pack that `detector` names (`pack/<name>`). Bound to it where documents come together; no document writes it. */
  pack?: BoundPack;
}

/** Functions of a windowed signal (docs/guardrails.md). */
export const SIGNAL_FUNCTIONS = ['count', 'rate', 'ratio', 'sum', 'mean', 'quantile'] as const;
/** One of {@link SIGNAL_FUNCTIONS}. */
export type SignalFunction = (typeof SIGNAL_FUNCTIONS)[number];

/**
 * A number computed from the calls of a window. In a document: `{count: "<bool>"}`, `{rate: "<bool>"}` (per second), `{ratio: "<bool>"}` (0..1),
 * `{sum: "<number>"}`, `{mean: "<number>"}`, `{quantile: 0.95, of: "<number>"}`, each with an optional `among: "<bool>"`.
 */
export interface Signal {
  fn: SignalFunction;
  /** CEL: bool for count, rate and ratio, number for the others. NaN values are left out. */
  of: string;
  /** CEL bool: which calls enter at all. Default `true`. */
  among: string;
  /** For `quantile`: 0..1; else NaN is not written, the field is absent. */
  q?: number;
  /** For `ratio`: level of the Wilson interval in `lower.*` and `upper.*`. Default 0.95. */
  confidence: number;
}

/** The windowed part of a guard-rail. */
export interface Over {
  /** Seconds. */
  window: number;
  /** Seconds; 0 re-evaluates on each batch. */
  every: number;
  /** Bucket length in seconds: `every`, or window/60 (at least 0.25 s) when `every` is 0. */
  bucket: number;
  /** Seconds after a bucket's end at which it closes. */
  settle: number;
  /** Names from {@link GROUP_BY_FIELDS} or `features.<name>`, `attrs.<name>`. */
  groupBy: string[];
  /** Each signal that the condition reads needs this many calls in its denominator; fewer is "no data". */
  minSamples: number;
  signals: { [name: string]: Signal };
  /** A test with a promise instead of signals and a condition; `when` is empty then. */
  evidence?: Evidence;
}

/** Field names that `groupBy` and `scope` may use besides `features.*` and `attrs.*`. All exist at request time. */
export const GROUP_BY_FIELDS = [
  'service',
  'environment',
  'tenant',
  'operation',
  'model',
  'model_version',
  'feature_view',
] as const;

/** How recovery is probed while an action holds. */
export interface Probe {
  /** 0..1. Default 0.02. With 0 (and perSecond 0) only a person releases. */
  share: number;
  /** At least this many probes a second over the scope. Default 1. */
  perSecond: number;
  /** Probes needed before recovery is judged. Default 20. */
  minSamples: number;
}

/** What a guard-rail may do without a person. */
export interface Limits {
  /** An inline guard-rail that acts on more than this share is over-reacting. Default 0.2. */
  maxActedShare: number;
  /** Seconds. Default 600. */
  maxActedWindow: number;
  /** Default 100. */
  maxActedMinCalls: number;
  /** Default `page`. */
  onExceed: 'page' | 'warn';
  /** A windowed guard-rail acts on at most this many scopes at a time. Default 3. */
  maxScopes: number;
}

/** A document's own test: a call, and what must come out. */
export interface GuardrailTest {
  name: string;
  /** Fields of the record (fragment), and `prompt: {text}` / `output: {text}` for detectors; for windowed ones `signals: {name: number}`. */
  given: { [key: string]: CallValue };
  expect: {
    /** Action type, or `allow`. */
    action: ActionType | 'allow';
    /** Prompt or output text after redaction and rewriting; after the output, each on a line of its own, the arguments of given tool calls as JSON. */
    text?: string;
  };
}

/** The head of a document that an evaluator holds. */
export interface Metadata {
  name: string;
  labels: { [key: string]: string };
  annotations: { [key: string]: string };
  /** Who may change it: its directory in git, or the UI. Default `git`. */
  managedBy: 'git' | 'ui';
}

/**
 * A guard-rail in normal form: every default filled in, durations in seconds, lists sorted where order has no meaning. Its canonical JSON
 * (sorted keys) is what the revision is the sha256 of, and what travels on the wire.
 */
export interface Guardrail {
  apiVersion: string;
  kind: 'Guardrail';
  metadata: Metadata;
  spec: Scoping & {
    description: string;
    match: Match;
    /** Exactly one of `at` and `over` is not null. */
    at: InlinePoint | null;
    over: Over | null;
    uses: { [name: string]: DetectorUse };
    /** Present when a Rego policy decides, on the calls for which `when` holds. */
    rego?: RegoUse & {
      /** Present when the engine may be a server (`deadline` in a document). Seconds. */
      external?: { deadline: number; position: CheckPosition };
    };
    /** CEL bool. Default `true` beside `rego`. */
    when: string;
    /** CEL bool for release; empty means `!(when)`. */
    until: string;
    /** Seconds that `when` must hold. */
    for: number;
    /** Seconds after a release in which no second action is taken. */
    cooldown: number;
    /** Fields of `groupBy` that make the scope of the action. Default: all of `groupBy`. */
    scope: string[];
    probe: Probe;
    action: Action;
    mode: Mode;
    onError: 'allow' | 'deny';
    onStale: 'keep' | 'allow' | 'deny';
    onNoData: 'ok' | 'keep' | 'fire';
    limits: Limits;
    /** Present when every change of it, its removal, and every exception from it need a second person. */
    approval?: 'required';
    /** Present when a person is asked before the action is taken (windowed). `timeout` in seconds; then the action is taken or is not. */
    ask?: { timeout: number; onTimeout: 'execute' | 'cancel' };
    /** A plain sentence for people; `{name}` of a signal or detector count is replaced by its value. Never content. */
    message: string;
    tests: GuardrailTest[];
    /** What exempts calls from it. Bound to it where documents come together; no document writes it. Absent: nothing does. */
    exceptions?: BoundException[];
  };
}

/** A guard-rail with its identity. */
export interface RevisedGuardrail {
  /** sha256 of the canonical form, 64 hexadecimal digits. */
  revision: string;
  guardrail: Guardrail;
}
