export { ChainVerifier, verifyChain } from './audit/verify-chain.js';
export type { ChainFault, ChainReport, VerifyOptions } from './audit/verify-chain.js';
export { reconstructDecision } from './audit/reconstruct-decision.js';
export type { AuditSource, DecisionStory, TraceStory, VerdictStory } from './audit/reconstruct-decision.js';
export { auditLine } from './audit/export-jsonl.js';
export { chainRecord, GENESIS_HASH } from './audit/chain.js';
export { createEvaluator } from './serve/create-evaluator.js';
export type { Evaluator } from './serve/create-evaluator.js';
export type { DirectoryProblem } from './serve/guardrail-directory.js';
export { ConfigError } from './config/config-error.js';
export { loadConfig } from './config/load-config.js';
export type { ConfigSources } from './config/load-config.js';
export { printConfigReference } from './config/print-reference.js';
export { environmentOf, flagOf, readSetting, SETTINGS } from './config/reference.js';
export type { EvaluatorConfig, Setting, SettingKey, SettingType } from './config/reference.js';
export { answerFault } from './http/answer-fault.js';
export type { ProposalDetail, ProposalView } from './http/schemas.js';
export { createEngine } from './engine/create-engine.js';
export type { Engine, SeriesState, SeriesView, Transition } from './engine/types.js';
export type { EngineOptions } from './engine/engine-options.js';
export { boundCollections } from './serve/bound-collections.js';
export { loopPace } from './serve/loop-pace.js';
export type { Pace } from './engine/slices.js';
export { APP_METRICS } from './metrics/app-metrics.js';
export { exportedName, METRICS, printMetricReference } from './metrics/reference.js';
export type { MetricDefinition } from './metrics/reference.js';
export { createMemoryStore } from './store/memory-store.js';
export { openSqliteStore } from './store/open-sqlite-store.js';
export type { SqliteStoreOptions } from './store/open-sqlite-store.js';
export type { AuditEntry, AuditKind, AuditRecord, DocumentVersion } from './store/types.js';
export { createJudge } from './evidence/create-judge.js';
export { planGuardrail } from './evidence/plan.js';
export type { Plan, PlannedEffect, PlanTraffic, SmallestGroup } from './evidence/plan.js';
export type { Effect, Judge } from './evidence/judge.js';
export type { CellRows } from './count/cells/cell-counts.js';
export { rateInterval } from './evidence/rate-interval.js';
export type { Interval } from './evidence/rate-interval.js';
export {
  createBaseline,
  isOtlpLine,
  readMapping,
  readOtlpLine,
  readTable,
  recordedTraffic,
  replay,
} from './replay/index.js';
export type {
  CallMapping,
  CallTable,
  LeftOutRows,
  ReplayCall,
  ReplayedGuardrail,
  ReplayedReport,
  ReplayResult,
  RowTime,
  ToldReach,
} from './replay/index.js';
