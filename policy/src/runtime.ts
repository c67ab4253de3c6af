export { nearestName } from './canonical/nearest.js';
export { shownUrl } from './canonical/shown-url.js';
export {
  ALERT,
  API_VERSION,
  ATTR,
  CHANNEL_PROTOCOL,
  DASHBOARD_UID,
  ENV,
  EVENT,
  GEN_AI,
  DRILL_NAME,
  GRAFANA_APP_ID,
  HTTP_API,
  METRIC,
  OPENINFERENCE,
  OPENLLMETRY,
  RESOURCE,
  SCOPE_NAME,
} from './names.js';
export type {
  CallDecision,
  CallIdentity,
  CallSource,
  CallValue,
  ModelCall,
  ModelIdentity,
  ModelKind,
  ModelOutput,
  RecordedCall,
  ToolCall,
  Usage,
} from './call/model-call.js';
export { createModelCall } from './call/create-model-call.js';
export { availableAt, FIELD_PHASE, PHASES } from './call/field-phase.js';
export type { Phase } from './call/field-phase.js';
export {
  ACTION_TYPES,
  GROUP_BY_FIELDS,
  INLINE_POINTS,
  MODES,
  REWRITE_ROLES,
  SIGNAL_FUNCTIONS,
} from './document/types.js';
export type {
  Action,
  ActionType,
  AnnotateAction,
  DenyAction,
  DetectorUse,
  Guardrail,
  GuardrailTest,
  InlinePoint,
  Limits,
  Match,
  Metadata,
  Mode,
  Over,
  Probe,
  RedactAction,
  RerouteAction,
  RevisedGuardrail,
  RewriteAction,
  RewriteRole,
  SampleAction,
  ShutdownAction,
  Signal,
  SignalFunction,
  ThrottleAction,
} from './document/types.js';
export type { BoundException } from './document/exception/exception-types.js';
export { PACK_PREFIX } from './document/pack/pack-types.js';
export type { BoundPack, PackEntity, PackValidator } from './document/pack/pack-types.js';
export { exemptedBy } from './decide/exemption.js';
export type { CompiledException } from './decide/exemption.js';
export type { ValueRule, ValueRules, ValueType } from './values/value-types.js';
export { VALUE_ISSUES } from './values/value-types.js';
export type { ValueIssue } from './values/value-types.js';
export { DISPOSITIONS, FAILURES } from './decide/types.js';
export type {
  ActionClass,
  CallEnd,
  DecideHost,
  DecideInput,
  Decision,
  Disposition,
  Failure,
  Freshness,
  HeldDirective,
  PhasedDecision,
  Redaction,
  SampleStep,
  TextPart,
  TextWindow,
  TraceStep,
  Verdict,
  VerdictOutcome,
} from './decide/types.js';
export { CLOSE, FEATURE_LEVEL, REPORT_BUCKET } from './channel/messages.js';
export { requiredLevel } from './channel/required-level.js';
export type {
  AckMessage,
  AgentResource,
  AppliedMessage,
  CallSite,
  Capability,
  ClientMessage,
  DecidedMessage,
  DecisionRecord,
  DecisionsMessage,
  DeltaMessage,
  Directive,
  DirectiveMessage,
  HelloMessage,
  KillMessage,
  KillSwitch,
  LocalAllow,
  NackMessage,
  PingMessage,
  PongMessage,
  ReleaseMessage,
  RenewMessage,
  ReportCell,
  ReportMessage,
  ServerMessage,
  ShareMessage,
  SitesMessage,
  SnapshotMessage,
  Target,
  WelcomeMessage,
} from './channel/messages.js';
export { GuardspanError } from './error.js';
export { formatDuration, parseDuration } from './document/duration.js';
export { canonicalJson } from './canonical/canonical-json.js';
export { revisionOf, setDigest, sha256Hex } from './canonical/revision.js';
export { prometheusName } from './metrics/prometheus-name.js';
export { compileGlobs, compileMatch, matchesCall } from './match/compile-match.js';
export { compileScope, scopeGlobs } from './match/compile-scope.js';
export { CounterTable } from './decide/counter-table.js';
export type { Counters } from './decide/counter-table.js';
export { rolloutShare } from './decide/rollout-share.js';
export { effectiveMode, seriesMode, strictestMode } from './document/effective-mode.js';
export { SCOPING_KEYS } from './document/scoping-types.js';
export type { Counter, ParamValue, Scoping } from './document/scoping-types.js';
export { directiveMatches, scopeReader, scopeValue } from './match/scope.js';
export { killReaches } from './match/kill-reaches.js';
export { compileCondition, CONDITION_LIMITS, ConditionError } from './condition/compile-condition.js';
export type { Condition, ConditionType } from './condition/compile-condition.js';
export { CALL_VARIABLES, callVariablesAt } from './condition/variables.js';
export type { Variables, VariableType } from './condition/variables.js';
export { applyRedactions } from './detect/apply-redactions.js';
export { JsonUnits } from './detect/json-units.js';
export type { JsonUnit } from './detect/json-units.js';
export { jsonEdits } from './detect/json-edits.js';
export type { JsonEdit } from './detect/json-edits.js';
export { readJsonSource } from './detect/json-source.js';
export type { JsonSource } from './detect/json-source.js';
export { usePatternSets } from './detect/compile-detectors.js';
export { detectText, MAX_DETECT_LENGTH, useVectors } from './detect/detect-text.js';
export { re2Sets } from './detect/re2-sets.js';
export type { Re2SetClass } from './detect/re2-sets.js';
export type { MakePatternSet, PatternSet } from './detect/set-gate.js';
export { Liveness } from './detect/stream/liveness.js';
export type { LivePattern, LiveState } from './detect/stream/liveness.js';
export { DETECTOR_PACKS } from './detect/packs.js';
export type { EntityDetector, Finding } from './detect/types.js';
export {
  EVIDENCE_MODES,
  evidenceReads,
  evidenceThreshold,
  MOVING_SLOTS,
  seasonCell,
  SEASONS,
  TEST_TYPES,
} from './document/evidence-types.js';
export type {
  AssociationTest,
  BaselineOrigin,
  BaselineSeason,
  BinsBaseline,
  ConcurrentArm,
  DriftTest,
  Evidence,
  EvidenceMode,
  EvidencePromise,
  EvidenceTest,
  LatencyTest,
  MeanBaseline,
  MeanSeason,
  MeanTest,
  MovingBaseline,
  RateBaseline,
  RateGapTest,
  RateTest,
  Reference,
  Season,
  TestType,
} from './document/evidence-types.js';
export { fieldReader } from './call/field-reader.js';
export { binOf, compileEvidence, createObservation, MEAN_BINS, MEAN_UNITS, OTHER } from './decide/compile-evidence.js';
export type { CompiledEvidence, NeededFact, Observation } from './decide/compile-evidence.js';
export { compileCounted } from './decide/compile-calls.js';
export type { CountedCalls } from './decide/compile-calls.js';
export { compileWindowed, windowedVariables } from './decide/compile-windowed.js';
export type { CompiledSignal, CompiledWindowed, SignalEnv } from './decide/compile-windowed.js';
export { actionClassOf, defaultOnError, FAILURE_TABLE, failureDisposition } from './decide/failure-table.js';
export type { FailureCase, FailureCell } from './decide/failure-table.js';
export { finishLiterally, finishRewriting } from './decide/finish-rewriting.js';
export type { RewriteOutcome, RewriteQuestion, RewriteStep, TextRewrite } from './decide/rewrite-types.js';
export { settleSampling, traceShare } from './decide/settle-sampling.js';
export { textAfter } from './decide/text-after.js';
export { combineDecisions } from './decide/combine-decisions.js';
export { TokenBucket } from './decide/token-bucket.js';
export { chunkPlanOf } from './decide/chunk-plan.js';
export type { ChunkPlan } from './decide/chunk-plan.js';
export { DetectorTally } from './decide/detector-tally.js';
export type { TallyEntry } from './decide/detector-tally.js';
export { GuardrailSet } from './decide/guardrail-set.js';
export type { CompileFailure, InlinePlan } from './decide/guardrail-set.js';
export { Breaker } from './external/breaker.js';
export type { BreakerOptions } from './external/breaker.js';
export { CHECK_POSITIONS } from './external/types.js';
export type {
  CheckPosition,
  DetectorQuestion,
  ExternalCheck,
  ExternalFailure,
  ExternalFinding,
  PlacedFinding,
  ExternalOutcome,
  ExternalOutcomes,
  ExternalQuestion,
  RegoQuestion,
} from './external/types.js';
export { readOutcome } from './rego/read-outcome.js';
export { regoInput } from './rego/rego-input.js';
export { MAX_REASON_LENGTH, MAX_REASONS } from './rego/types.js';
export type { RegoAnswer, RegoInput, RegoOutcome, RegoUse } from './rego/types.js';
export { heldDirective } from './channel/held-directive.js';
export { isServerMessage } from './channel/is-server-message.js';
