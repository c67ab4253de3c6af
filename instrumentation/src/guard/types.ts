import type { Context, Span } from '@opentelemetry/api';
import type {
  ActionType,
  CallValue,
  Capability,
  Decision,
  InlinePoint,
  ModelIdentity,
  TextPart,
  ToolCall,
  Usage,
} from '@guardspan/policy/runtime';

/** Why a model call that this process can see is not guarded. Closed set; also the keys of a report's `unguarded`. */
export type UnguardedReason = 'unpatched_client' | 'raw_http' | 'foreign_span' | 'disabled' | 'error';

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
}

/** What is known of a call before it is made. */
export interface CallStart {
  client: string;
  model: ModelIdentity;
  /** `chat`, `embeddings`, `predict`. */
  operation: string;
  streamed: boolean;
  features?: { [name: string]: CallValue };
  /** Text parts of the request; called at most once and only when a detector needs them. Paths are the adapter's own. */
  texts?: () => readonly TextPart[];
  /** Actions that this adapter can take for this very call at a point. */
  can: Record<InlinePoint, readonly ActionType[]>;
  /** `CLIENT` for remote models, `INTERNAL` for models in process. */
  remote: boolean;
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
  /** Decision at the request. The adapter carries it out. */
  readonly decision: Decision;
  readonly span: Span;
  /** Context with the span set and marked as "inside a model call"; run the original call in it. */
  readonly context: Context;
  /** The adapter now calls this declared target instead (reroute or fallback). */
  rerouted(to: string): void;
  /** The model has answered; decides at the response. The adapter carries the decision out. */
  answered(answer: CallAnswer): Decision;
  /** The call failed with the model's or the transport's error; ends span and record. */
  failed(error: unknown): void;
  /** Ends span and record. Idempotent; the first of `failed` and `end` wins. */
  end(partial?: CallAnswer): void;
}

/** The decision point of this process: what adapters talk to. A noop until configured. No method ever throws. */
export interface GuardRuntime {
  declareSite(site: SiteDeclaration): void;
  /** True while the caller is already inside a guarded model call (frameworks on top of clients). */
  inside(): boolean;
  begin(start: CallStart): GuardedCall;
  /** A model call was seen that nobody guards. `name` is a host or a module, never a full URL. */
  unguarded(reason: UnguardedReason, name: string): void;
  /** Calls a declared target by name with the request as the adapter gives it; undefined when there is none of that name. */
  target(name: string): TargetDefinition | undefined;
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
}
