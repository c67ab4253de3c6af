export * from './runtime.js';
export { oneLine, plainText } from './canonical/plain-text.js';
export { readCall } from './call/read-call.js';
export type { WrittenCall } from './call/read-call.js';
export { clientMessageSchema, MESSAGE_LIMITS } from './channel/schema.js';
export { channelJsonSchema, serverMessageSchema } from './channel/server-schema.js';
export { asEnforced } from './document/as-enforced.js';
export { asWatched } from './document/as-watched.js';
export { checkGuardrail } from './document/check-guardrail.js';
export { diffGuardrails } from './document/diff-guardrails.js';
export type { FieldChange, GuardrailChange } from './document/diff-guardrails.js';
export { formatDocuments } from './document/format-documents.js';
export { askMeant, nearestName } from './canonical/nearest.js';
export { sayIssue } from './document/say-issue.js';
export { readYaml } from './document/read-yaml.js';
export type { PlacedYamlProblem } from './document/read-yaml.js';
export { EVIDENCE_DEFAULTS } from './document/evidence-normalise.js';
export { bindGuardrails, boundPack } from './document/bind-guardrails.js';
export type { Bindings, Revised } from './document/bind-guardrails.js';
export type { DetectorPack } from './document/pack/pack-types.js';
export type { GuardrailException } from './document/exception/exception-types.js';
export { LoadError } from './document/load-error.js';
export { LOAD_LIMITS, loadDocuments } from './document/load-documents.js';
export type { DocumentsByKind, LoadedDocument, LoadedDocuments } from './document/load-documents.js';
export { DOCUMENT_KINDS, HELD_KINDS, isHeldKind, KIND_NAMES } from './document/kinds/document-kinds.js';
export type { HeldKind, KindName, NormalForms } from './document/kinds/document-kinds.js';
export type { DocumentKind, ReadDocument } from './document/kinds/document-kind.js';
export { loadGuardrails } from './document/load-guardrails.js';
export type { LoadedGuardrail, LoadResult } from './document/load-guardrails.js';
export { explainCall } from './decide/explain-call.js';
export { writtenTexts } from './decide/written-texts.js';
export type {
  CallExplanation,
  ExplainedDetector,
  ExplainedGuardrail,
  ExplainedMatch,
  ExplainedPoint,
} from './decide/explain-call.js';
export type { ExplainedExpression } from './condition/explain-condition.js';
export { printDetectors } from './detect/print-detectors.js';
export { printFailureTable } from './decide/print-failure-table.js';
export { DOCUMENT_DEFAULTS, normaliseGuardrail } from './document/normalise.js';
export { runGuardrailTests } from './document/run-tests.js';
export type { GuardrailTestResult } from './document/run-tests.js';
export { testSuiteJsonSchema } from './document/test-suite.js';
export type { SuiteCase, SuiteExpectation, SuiteSeries, SuiteStep, TestSuite } from './document/test-suite.js';
export { guardrailDocumentSchema, guardrailJsonSchema } from './document/schema.js';
export type { GuardrailDocument } from './document/schema.js';
