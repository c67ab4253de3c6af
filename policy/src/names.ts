/**
 * Every attribute, event, metric and label name of Guardspan, and the names of other conventions that it reads or writes.
 * Nothing else in the project spells a name out.
 */

/** API version of guard-rail documents. */
export const API_VERSION = 'guardspan/v1alpha1';
/** Websocket subprotocol of the channel (docs/channel.md). */
export const CHANNEL_PROTOCOL = 'guardspan.v1';
/** The HTTP API says in each answer that it is an evaluator's, and which API it speaks. */
export const HTTP_API = { HEADER: 'guardspan-api', VERSION: 'v1' } as const;
/** OpenTelemetry instrumentation scope of the spans and the feed that the instrumentation package makes. */
export const SCOPE_NAME = '@guardspan/instrumentation';

/** Resource attributes. */
export const RESOURCE = {
  /** Present (value: feed format version) on the resource of the private guard feed and nowhere else. */
  FEED: 'guardspan.feed',
  /** Random id of one start of one process. */
  INCARNATION: 'guardspan.incarnation',
  SERVICE_NAME: 'service.name',
  SERVICE_INSTANCE_ID: 'service.instance.id',
  SERVICE_VERSION: 'service.version',
  ENVIRONMENT: 'deployment.environment.name',
  ENVIRONMENT_OLD: 'deployment.environment',
} as const;

/** Span attributes of a model call, set by the instrumentation on the user's span and on the feed record. */
export const ATTR = {
  ACTION: 'guardspan.action',
  ACTION_REASON: 'guardspan.action.reason',
  /** Prefix: one attribute per annotation. */
  ANNOTATION_PREFIX: 'guardspan.annotation.',
  /** Prefix: free request-time attributes that the application adds to a call (`attrs.*` in conditions). */
  ATTRS_PREFIX: 'guardspan.attrs.',
  CALL_ID: 'guardspan.call.id',
  /** On the feed: true on a record of a call that has not ended; its duration is the time that it was open until then. */
  CALL_OPEN: 'guardspan.call.open',
  CALL_PROBE: 'guardspan.call.probe',
  /** On the feed: seconds from epoch at which the call started, on the process's clock (double). */
  CALL_STARTED_AT: 'guardspan.call.started_at',
  CALL_STREAMED: 'guardspan.call.streamed',
  CALL_TIME_TO_FIRST: 'guardspan.call.time_to_first',
  DIRECTIVE_ID: 'guardspan.directive.id',
  /** On the feed: true on calls that nobody made, reported by a drill. */
  DRILL: 'guardspan.drill',
  DISPOSITION: 'guardspan.disposition',
  ENVIRONMENT: 'guardspan.environment',
  FEATURE_VIEW_NAME: 'guardspan.feature_view.name',
  FEATURE_VIEW_VERSION: 'guardspan.feature_view.version',
  /** Prefix, feed only: one attribute per protected group (`group.*` in conditions). */
  GROUP_PREFIX: 'guardspan.group.',
  INPUT_FEATURES: 'guardspan.input.features',
  INPUT_TRUNCATED: 'guardspan.input.truncated',
  MODEL_FRAMEWORK: 'guardspan.model.framework',
  MODEL_KIND: 'guardspan.model.kind',
  MODEL_NAME: 'guardspan.model.name',
  MODEL_PROVIDER: 'guardspan.model.provider',
  MODEL_VERSION: 'guardspan.model.version',
  OPERATION: 'guardspan.operation',
  OUTPUT_LABEL: 'guardspan.output.label',
  OUTPUT_SCORE: 'guardspan.output.score',
  OUTPUT_VALUES: 'guardspan.output.values',
  REROUTE_FROM: 'guardspan.reroute.from',
  REROUTE_TO: 'guardspan.reroute.to',
  REDACTION_COUNT: 'guardspan.redaction.count',
  /** True on a call that a guard-rail marks for samplers of traces. */
  SAMPLE: 'guardspan.sample',
  /** Texts of the call that were rewritten. */
  REWRITE_COUNT: 'guardspan.rewrite.count',
  /** UTF-16 code units that a streamed answer had given out of its texts before they were rewritten. */
  REWRITE_RELEASED: 'guardspan.rewrite.released',
  /** UTF-16 code units of a streamed answer that had to wait at most. */
  STREAM_HELD_MAX: 'guardspan.stream.held_max',
  TENANT: 'guardspan.tenant',
  THROTTLE_DELAY: 'guardspan.throttle.delay',
  TOOL_CALLS: 'guardspan.tool_calls',
  /** Prefix, feed only. */
  TRUTH_PREFIX: 'guardspan.truth.',
  USAGE_COST: 'guardspan.usage.cost',
  VERDICT: 'guardspan.verdict',
  VERDICT_CODE: 'guardspan.verdict.code',
  /** Names of the exceptions that exempted the call from guard-rails. */
  VERDICT_EXCEPTIONS: 'guardspan.verdict.exceptions',
  VERDICT_GUARDRAIL: 'guardspan.verdict.guardrail',
  VERDICT_GUARDRAILS: 'guardspan.verdict.guardrails',
  VERDICT_MODE: 'guardspan.verdict.mode',
  VERDICT_POINT: 'guardspan.verdict.point',
  VERDICT_REASON: 'guardspan.verdict.reason',
  VERDICT_REVISION: 'guardspan.verdict.revision',
  /** True when the request had left before the verdict that decided was known. */
  VERDICT_SENT_BEFORE: 'guardspan.verdict.sent_before_verdict',
  VERDICT_TRACE: 'guardspan.verdict.trace',
} as const;

/** Log event names. */
export const EVENT = {
  VERDICT: 'guardspan.verdict',
} as const;

/**
 * Names of the GenAI semantic conventions (open-telemetry/semantic-conventions-genai) with the older forms that are still read
 * on ingest. The `_OLD` names are never written.
 */
export const GEN_AI = {
  OPERATION_NAME: 'gen_ai.operation.name',
  PROVIDER_NAME: 'gen_ai.provider.name',
  SYSTEM_OLD: 'gen_ai.system',
  REQUEST_MODEL: 'gen_ai.request.model',
  REQUEST_STREAM: 'gen_ai.request.stream',
  RESPONSE_MODEL: 'gen_ai.response.model',
  RESPONSE_ID: 'gen_ai.response.id',
  RESPONSE_FINISH_REASONS: 'gen_ai.response.finish_reasons',
  RESPONSE_TIME_TO_FIRST_CHUNK: 'gen_ai.response.time_to_first_chunk',
  USAGE_INPUT_TOKENS: 'gen_ai.usage.input_tokens',
  USAGE_OUTPUT_TOKENS: 'gen_ai.usage.output_tokens',
  USAGE_PROMPT_TOKENS_OLD: 'gen_ai.usage.prompt_tokens',
  USAGE_COMPLETION_TOKENS_OLD: 'gen_ai.usage.completion_tokens',
  ERROR_TYPE: 'error.type',
  SERVER_ADDRESS: 'server.address',
  SERVER_PORT: 'server.port',
} as const;

/** Names that OpenLLMetry (traceloop) adds to or keeps from older GenAI conventions. */
export const OPENLLMETRY = {
  REQUEST_TYPE: 'llm.request.type',
  IS_STREAMING: 'llm.is_streaming',
  USAGE_TOTAL_TOKENS: 'llm.usage.total_tokens',
  USAGE_TOTAL_TOKENS_NEW: 'gen_ai.usage.total_tokens',
} as const;

/** Names of the OpenInference conventions (Arize). */
export const OPENINFERENCE = {
  SPAN_KIND: 'openinference.span.kind',
  MODEL_NAME: 'llm.model_name',
  EMBEDDING_MODEL_NAME: 'embedding.model_name',
  /** JSON of the request without its content; names the requested model where MODEL_NAME is the one that answered. */
  INVOCATION_PARAMETERS: 'llm.invocation_parameters',
  PROVIDER: 'llm.provider',
  SYSTEM: 'llm.system',
  TOKENS_PROMPT: 'llm.token_count.prompt',
  TOKENS_COMPLETION: 'llm.token_count.completion',
  TOKENS_TOTAL: 'llm.token_count.total',
} as const;

/**
 * Metrics, OpenTelemetry names. `prometheusName()` is the one translation to what `/metrics` prints.
 * The evaluator exports all but the two whose `by` is `app`.
 */
export const METRIC = {
  ACK_SECONDS: 'guardspan.otlp.ack.duration',
  ALERTS_FOLDED: 'guardspan.alerts.folded',
  AUDIT_AGE: 'guardspan.audit.age',
  AUDIT_DROPPED: 'guardspan.audit.dropped',
  BUILD_INFO: 'guardspan.build.info',
  CALLS: 'guardspan.calls',
  CHANNEL_CONNECTIONS: 'guardspan.channel.connections',
  CHANNEL_MESSAGES: 'guardspan.channel.messages',
  CLOCK_CORRECTED: 'guardspan.clock.corrected',
  COVERAGE: 'guardspan.coverage',
  DECIDE_REQUESTS: 'guardspan.decide.requests',
  DEDUPLICATED: 'guardspan.calls.deduplicated',
  DENIALS_UNENFORCED: 'guardspan.denials.unenforced',
  DIRECTIVES: 'guardspan.directives',
  DIRECTIVES_ACTIVE: 'guardspan.directives.active',
  DIRECTIVES_PENDING: 'guardspan.directives.pending',
  DIRECTIVES_UNCONFIRMED: 'guardspan.directives.unconfirmed',
  DISPOSITIONS: 'guardspan.dispositions',
  DOCUMENT_DRIFT: 'guardspan.document.drift',
  EVIDENCE: 'guardspan.evidence',
  EVIDENCE_THRESHOLD: 'guardspan.evidence.threshold',
  FEEDBACK: 'guardspan.feedback',
  FLEET_INSTANCES: 'guardspan.fleet.instances',
  GUARDED_CALLS: 'guardspan.calls.guarded',
  GUARDRAIL_BASELINE_MOVED: 'guardspan.guardrail.baseline_moved',
  GUARDRAIL_CALLS: 'guardspan.guardrail.calls',
  GUARDRAIL_FIRING: 'guardspan.guardrail.firing',
  GUARDRAIL_INERT: 'guardspan.guardrail.inert',
  GUARDRAIL_INFO: 'guardspan.guardrail.info',
  GUARDRAIL_OVERREACTING: 'guardspan.guardrail.overreacting',
  GUARDRAIL_PROMISE_KEPT: 'guardspan.guardrail.promise_kept',
  GUARDRAIL_TOLD: 'guardspan.guardrail.told',
  INGEST_REJECTED: 'guardspan.ingest.rejected',
  INGEST_SPANS: 'guardspan.ingest.spans',
  KILL_SWITCH_ACTIVE: 'guardspan.kill_switch.active',
  LATE_CALLS: 'guardspan.calls.late',
  LOOP_LAG: 'guardspan.loop.lag',
  MODEL_CALLS: 'guardspan.model.calls',
  MODEL_COST: 'guardspan.model.cost',
  MODEL_DURATION: 'guardspan.model.call.duration',
  MODEL_INFO: 'guardspan.model.info',
  MODEL_TIME_TO_FIRST: 'guardspan.model.time_to_first',
  MODEL_TOKENS: 'guardspan.model.tokens',
  NOTIFICATION_DURATION: 'guardspan.notification.duration',
  NOTIFICATIONS: 'guardspan.notifications',
  NOTIFICATIONS_DEAD: 'guardspan.notifications.dead',
  NOTIFICATIONS_WAITING: 'guardspan.notifications.waiting',
  PROPAGATION: 'guardspan.propagation.duration',
  REROUTES: 'guardspan.reroutes',
  SERIES_FIRING: 'guardspan.series.firing',
  SERIES_FIRING_TIMESTAMP: 'guardspan.series.firing.timestamp',
  SIGNAL_LOWER: 'guardspan.signal.lower',
  SIGNAL_SAMPLES: 'guardspan.signal.samples',
  SIGNAL_UPPER: 'guardspan.signal.upper',
  SIGNAL_VALUE: 'guardspan.signal.value',
  STORE_COMMIT: 'guardspan.store.commit.duration',
  STORE_DEGRADED: 'guardspan.store.degraded',
  UNGUARDED_CALLS: 'guardspan.calls.unguarded',
  VERDICTS: 'guardspan.verdicts',
  /** By the app. */
  APP_DECISIONS: 'guardspan.app.decisions',
  /** By the app. */
  APP_DECISION_DURATION: 'guardspan.app.decision.duration',
} as const;

/** Uids of our Grafana dashboards: they stand in links, in annotations of alerts and in bookmarks, so they never change. */
export const DASHBOARD_UID = {
  overview: 'guardspan-overview',
  guardrail: 'guardspan-guardrail',
  model: 'guardspan-model',
  evaluator: 'guardspan-evaluator',
  fleet: 'guardspan-fleet',
} as const;

/** Id of the Grafana app, in its URLs. */
export const GRAFANA_APP_ID = 'guardspan-guardrails-app';

/** Reserved name of the guard-rail, the model and the service of drills: it marks verdicts, directives, audit records and metrics of a drill. */
export const DRILL_NAME = 'guardspan-drill';

/**
 * Alerts that the Prometheus rules and the evaluator both send to Alertmanager. Both must make the same label set of an alert, or people are paged twice:
 * Alertmanager tells alerts apart by their labels alone.
 */
export const ALERT = {
  /** A guard-rail is violated. */
  FIRING: 'GuardspanGuardrailFiring',
  /** More guard-rails of one owner and severity are violated than the budget allows. */
  STORM: 'GuardspanAlertStorm',
  /** A drill was not blocked; sent by the command itself, because the evaluator may be what is broken. */
  DRILL_NOT_BLOCKED: 'GuardspanDrillNotBlocked',
  /** Value of the label `drill` of alerts about drills; others do not have it. */
  DRILL: 'true',
  /** Value of the label `component` of every alert. */
  COMPONENT: 'guardspan',
  /** Severity of a guard-rail whose document states none. */
  DEFAULT_SEVERITY: 'warning',
  /** Labels of {@link ALERT.FIRING}; one whose value is empty is left out. */
  FIRING_LABELS: ['alertname', 'component', 'drill', 'guardrail', 'owner', 'severity'],
  /** Labels of {@link ALERT.STORM}; one whose value is empty is left out. */
  STORM_LABELS: ['alertname', 'component', 'owner', 'severity'],
} as const;

/** Environment variables that the instrumentation, the evaluator and the demonstration read. */
export const ENV = {
  AGENT_TOKEN: 'GUARDSPAN_AGENT_TOKEN',
  AGENT_TOKEN_FILE: 'GUARDSPAN_AGENT_TOKEN_FILE',
  ALLOW_ACTIONS: 'GUARDSPAN_ALLOW_ACTIONS',
  CAPTURE: 'GUARDSPAN_CAPTURE',
  CHANNEL: 'GUARDSPAN_CHANNEL',
  DISABLED: 'GUARDSPAN_DISABLED',
  ENDPOINT: 'GUARDSPAN_ENDPOINT',
  HTTP_MODELS: 'GUARDSPAN_HTTP_MODELS',
  INSTANCE: 'GUARDSPAN_INSTANCE',
  KILL_FILE: 'GUARDSPAN_KILL_FILE',
  MODEL_HOSTS: 'GUARDSPAN_MODEL_HOSTS',
  OTLP_ENDPOINT: 'GUARDSPAN_OTLP_ENDPOINT',
  READER_TOKEN: 'GUARDSPAN_READER_TOKEN',
  REGO: 'GUARDSPAN_REGO',
  SNAPSHOT_DIR: 'GUARDSPAN_SNAPSHOT_DIR',
  MAX_HELD: 'GUARDSPAN_MAX_HELD',
  START_SDK: 'GUARDSPAN_START_SDK',
  TOKEN: 'GUARDSPAN_TOKEN',
} as const;
