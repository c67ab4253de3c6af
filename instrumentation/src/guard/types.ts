import type { Context, Span } from '@opentelemetry/api';
import type { ClientErrors } from '../actions/errors.js';
import type { UnreadHandle } from '../stream/abandoned.js';
import type { StreamGuard } from '../stream/stream-guard.js';
import type {
  ActionType,
  CallValue,
  Capability,
  Decision,
  Failure,
  InlinePoint,
  ModelIdentity,
  TextPart,
  ToolCall,
  Usage,
} from '@guardspan/policy/runtime';
import type { ExternalDetector } from '../external/types.js';
import type { Rewriter } from '../rewrite/types.js';

/** Why a model call that this process can see is not guarded. Closed set; also the keys of a report's `unguarded`. */
export type UnguardedReason =
  | 'unpatched_client'
  | 'raw_http'
  /** A request to a declared server whose body could not be held back or read. */
  | 'unreadable'
  | 'foreign_span'
  | 'disabled'
  | 'error';

/** What an adapter says about itself when it patches a client. */
export interface SiteDeclaration {
  /** `openai`, `onnxruntime`, `function`. */
  client: string;
  /** Version of the patched module, or empty. */
  version: string;
  /** `*` when the client can call any model. */
  model: string;
  modelVersion: string;
  /** One entry for each point and kind of call at which the adapter can act. */
  capabilities: Omit<Capability, 'client' | 'version'>[];
  /** Names of reroute and fallback targets that only this site knows (`guardModel(fn, {targets})`). */
  targets?: readonly string[];
}

/** Which features and outputs of a model may be read and put on spans: those that loaded guard-rails or the local `capture` name. */
export interface Capture {
  features: readonly string[] | 'all' | 'none';
  outputs: readonly string[] | 'all' | 'none';
}

/** What is known of a call before it is made. */
export interface CallStart {
  client: string;
  model: ModelIdentity;
  /** `chat`, `embeddings`, `predict`. */
  operation: string;
  streamed: boolean;
  /** Only what {@link GuardRuntime.capture} names. */
  features?: { [name: string]: CallValue };
  /** Text parts of the request; called at most once and only when a detector needs them. Paths are the adapter's own. */
  texts?: () => readonly TextPart[];
  /** Actions that this adapter can take for this very call at a point. */
  can: Record<InlinePoint, readonly ActionType[]>;
  /**
   * True when this adapter can wait for checks outside of the process: it looks at {@link GuardedCall.before}, `beside` and `after`. Otherwise guard-rails that
   * need such a check are rows of the failure table.
   */
  awaits?: boolean;
  /** True for a model whose run makes no calls and no spans of its own: it needs no context. What a target does in its place has one. */
  callsNothing?: true;
  /** `CLIENT` for remote models, `INTERNAL` for models in process. */
  remote: boolean;
  /** The errors of the client: one that refuses the call is of its own kind, too. */
  errors?: ClientErrors;
  /** Extra span attributes known at start (`gen_ai.*`, `server.address`). */
  spanAttributes?: Record<string, string | number | boolean | string[]>;
}

/** What is known once the model has answered. Absent fields stay unknown. */
export interface CallAnswer {
  /** The model that really answered, when the answer says so. */
  responseModel?: string;
  usage?: Partial<Usage>;
  output?: { label?: string; score?: number; values?: { [key: string]: CallValue } };
  toolCalls?: ToolCall[];
  /** Seconds. */
  timeToFirst?: number;
  spanAttributes?: Record<string, string | number | boolean | string[]>;
  texts?: () => readonly TextPart[];
}

/** One guarded call, from `begin()` to `end()`. No method ever throws. */
export interface GuardedCall {
  /** The promise or stream whose reading ends this call, for `endWhenAbandoned`; null when nothing waits to be read. */
  unread: UnreadHandle | null;
  /** Decision at the request. The adapter carries it out, after {@link before} when there is one. */
  readonly decision: Decision;
  /** The decision at the request waits for checks outside of the process: resolves with it and never rejects. Absent or null for nearly every call. */
  readonly before?: Promise<Decision> | null;
  /**
   * Known when `before` has resolved: checks that run while the model is asked. The adapter holds the answer until this resolves with the whole decision at the
   * request, of which it now carries out `end`. Never rejects.
   */
  readonly beside?: Promise<Decision> | null;
  /** Known when `answered` has returned: the decision at the response waits for checks; resolves with it and never rejects. */
  readonly after?: Promise<Decision> | null;
  readonly span: Span;
  /** Context with the span set and marked as "inside a model call". */
  readonly context: Context;
  /**
   * Runs the original call inside this call: in {@link context}, and with our own AsyncLocalStorage mark, so that `inside()` and the
   * coverage counters are right when the application has no OpenTelemetry SDK. Only `fn`'s own errors come out.
   */
  run<T>(fn: () => T): T;
  /** The adapter now calls this declared target instead (reroute or fallback). `model` says who answers, as far as the adapter knows. */
  rerouted(to: string, model?: Partial<ModelIdentity>): void;
  /**
   * For an answer that is streamed, before its first piece: the guard through which its texts have to go, or null when no guard-rail is about them. With
   * a guard, guard-rails at `chunk` are decided by it and not again at the end.
   */
  streaming(): StreamGuard | null;
  /**
   * The model has answered; decides at the response, and at `chunk` as well for an answer that came in one piece. The adapter carries the decision out. With a
   * `failure` the answer cannot be judged, and the failure table decides.
   */
  answered(answer: CallAnswer, failure?: Failure): Decision;
  /** The call failed with the model's or the transport's error, or with our own GuardrailDeniedError; ends span and record. */
  failed(error: unknown): void;
  /**
   * Ends span and record. Idempotent; the first of `failed` and `end` wins. Without an `answered` before it (the application took the raw
   * HTTP response, or dropped the stream), response guard-rails were not evaluated, and the record says so.
   */
  end(partial?: CallAnswer): void;
}

/** The decision point of this process: what adapters talk to. A noop until configured. No method ever throws. */
export interface GuardRuntime {
  declareSite(site: SiteDeclaration): void;
  /** True while the caller is already inside a guarded model call (frameworks on top of clients), or is the guard itself: a detector that asks a model. */
  inside(): boolean;
  begin(start: CallStart): GuardedCall;
  /** A model call was seen that nobody guards. `name` is a host or a module, never a full URL. */
  unguarded(reason: UnguardedReason, name: string): void;
  /** The declared target of that name; undefined when there is none. */
  target(name: string): TargetDefinition | undefined;
  /** Adds or replaces a target that guard-rails may name, for what only code can hold (client instances, functions). */
  declareTarget(target: TargetDefinition): void;
  /** Adds or replaces a detector outside of the guard that documents may name (`deadline` under `uses`). */
  declareDetector(detector: ExternalDetector): void;
  /** Adds or replaces a rewriter that documents may name (`rewrite: {by}`). */
  declareRewriter(rewriter: Rewriter): void;
  /** What adapters may read of a model's input and output. Cheap: called once per call. */
  capture(model: string): Capture;
}

/** A reroute or fallback target that the process declares in its own configuration. */
export interface TargetDefinition {
  name: string;
  /** For language-model clients: parameters to change on the request (usually `model`). */
  params?: { [key: string]: CallValue };
  /** For language-model clients: answer from another client instance of the same SDK. */
  client?: unknown;
  /** For `guardModel` and in-process models: the function or session that answers instead. */
  run?: (...args: never[]) => unknown;
  /**
   * Says whether the target can answer: `false`, an error or no answer within five seconds mean that it cannot. Asked before the target is used, and then every ten
   * seconds. A target that cannot answer is not announced, and calls are not rerouted to it. Without it the target is taken to answer.
   */
  check?: () => boolean | void | PromiseLike<boolean | void>;
}
