/** Kinds of model. Open on ingest (unknown strings are kept), closed in what we write. */
export type ModelKind = 'llm' | 'embedding' | 'classifier' | 'regressor' | 'ranker' | 'other' | (string & {});

/** A value of a feature, an attribute or an output: scalar, list or map, at most as deep as JSON. */
export type CallValue = string | number | boolean | null | CallValue[] | { [key: string]: CallValue };

/** Identity of the model that answered. */
export interface ModelIdentity {
  name: string;
  /** Empty when the client does not say. */
  version: string;
  kind: ModelKind;
  /** `openai`, `onnx`, `function`, ... */
  framework: string;
  /** `gen_ai.provider.name` for language models, empty otherwise. */
  provider: string;
}

/** Tokens and cost of one call; NaN where the provider reported none (never estimated). */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  /** In the currency that the application uses; NaN when unknown. */
  cost: number;
}

/** What the model answered, as far as guard-rails may read it. */
export interface ModelOutput {
  label: string;
  /** NaN when the model gives none. */
  score: number;
  values: { [key: string]: CallValue };
}

/** A tool call that a language model asked for, reassembled by index from a stream. */
export interface ToolCall {
  name: string;
  arguments: { [key: string]: CallValue };
}

/** What was decided about the call, as the process recorded it. */
export interface CallDecision {
  action: string;
  disposition: string;
  /** Names of the guard-rails whose verdict is not a pass. */
  guardrails: string[];
  /** Target that answered instead, empty when none. */
  rerouteTo: string;
  /** True for a call that was let through a directive to probe recovery. */
  probe: boolean;
  /** Id of the directive that was applied, empty when none. */
  directive: string;
}

/**
 * One request to a model and its answer: the unit that everything counts. The same record feeds conditions,
 * mappers, replay columns, `given:` of tests and the UI. Numbers that are unknown are NaN, strings that are unknown are empty,
 * so that conditions need no null checks.
 */
export interface ModelCall {
  model: ModelIdentity;
  service: string;
  environment: string;
  tenant: string;
  /** `chat`, `embeddings`, `predict`, ... */
  operation: string;
  /** Seconds from epoch. */
  startedAt: number;
  /** Seconds. */
  duration: number;
  /** Seconds to the first chunk; NaN when not streamed. */
  timeToFirst: number;
  streamed: boolean;
  error: { type: string };
  usage: Usage;
  features: { [name: string]: CallValue };
  output: ModelOutput;
  toolCalls: ToolCall[];
  group: { [name: string]: string };
  truth: { [name: string]: CallValue };
  featureView: { name: string; version: string };
  attrs: { [name: string]: CallValue };
  decision: CallDecision;
}

/** Where a call is joined to traces and to late facts. Not readable by conditions. */
export interface CallIdentity {
  /** 32 hexadecimal digits, or empty. */
  traceId: string;
  /** 16 hexadecimal digits, or empty. */
  spanId: string;
  /** Given by the application (`guardspan.call.id`), or empty. */
  callId: string;
}

/** How a record reached the evaluator. */
export type CallSource = 'feed' | 'otel' | 'openllmetry' | 'openinference' | 'replay';

/** A call as the evaluator counts it. */
export interface RecordedCall {
  call: ModelCall;
  id: CallIdentity;
  source: CallSource;
  /** True for spans that come from a user's own pipeline and may have been sampled. */
  sampled: boolean;
  /** Instance and start of the process that made the call; empty for foreign spans. */
  instance: string;
  incarnation: string;
  /** True when the call has not ended: `duration` is how long it was open, and nothing of its answer is known. Its end comes as a record of its own. */
  open?: true;
}
