import { ATTR, GEN_AI } from '@guardspan/policy/runtime';
import type { Decision, ModelCall } from '@guardspan/policy/runtime';
import type { FeedAttributes } from '../feed/feed-record.js';
import { decidingVerdict } from './decisions.js';

function number(into: FeedAttributes, name: string, value: number): void {
  if (!Number.isNaN(value)) into[name] = value;
}
function text(into: FeedAttributes, name: string, value: string): void {
  if (value !== '') into[name] = value;
}

/** Who is asked, set first so that no limit of a pipeline cuts it. */
export function identityAttributes(call: ModelCall, callId: string): FeedAttributes {
  const { model } = call;
  const into: FeedAttributes = { [ATTR.MODEL_NAME]: model.name };
  text(into, ATTR.MODEL_VERSION, model.version);
  into[ATTR.MODEL_KIND] = model.kind;
  text(into, ATTR.MODEL_FRAMEWORK, model.framework);
  text(into, ATTR.MODEL_PROVIDER, model.provider);
  text(into, ATTR.OPERATION, call.operation);
  text(into, ATTR.ENVIRONMENT, call.environment);
  text(into, ATTR.TENANT, call.tenant);
  text(into, ATTR.CALL_ID, callId);
  return into;
}

/** What was decided, added to `into`. Holds no content. */
export function addDecision(into: FeedAttributes, decision: Decision): void {
  into[ATTR.DISPOSITION] = decision.disposition;
  into[ATTR.ACTION] = decision.action;
  const verdict = decidingVerdict(decision);
  into[ATTR.VERDICT] = verdict?.outcome ?? (decision.disposition === 'not_evaluated' ? 'not_evaluated' : 'pass');
  if (decision.probe) into[ATTR.CALL_PROBE] = true;
  text(into, ATTR.DIRECTIVE_ID, decision.directive);
  if (!verdict) return;
  into[ATTR.VERDICT_GUARDRAIL] = verdict.guardrail;
  into[ATTR.VERDICT_GUARDRAILS] = [...new Set(decision.verdicts.map(({ guardrail }) => guardrail))];
  const exceptions = decision.verdicts.flatMap(({ exception }) => exception ?? []);
  if (exceptions.length > 0) into[ATTR.VERDICT_EXCEPTIONS] = [...new Set(exceptions)];
  into[ATTR.VERDICT_CODE] = verdict.code;
  into[ATTR.VERDICT_MODE] = verdict.mode;
  into[ATTR.VERDICT_POINT] = verdict.point;
  into[ATTR.VERDICT_REVISION] = verdict.revision;
  if (verdict.sentBeforeVerdict === true) into[ATTR.VERDICT_SENT_BEFORE] = true;
  text(into, ATTR.VERDICT_REASON, verdict.message);
  if (decision.action !== 'allow') text(into, ATTR.ACTION_REASON, verdict.message);
  if (verdict.trace.length > 0) into[ATTR.VERDICT_TRACE] = JSON.stringify(verdict.trace);
  if (decision.redactions.length > 0) into[ATTR.REDACTION_COUNT] = decision.redactions.length;
  for (const name of Object.keys(decision.annotations)) {
    into[ATTR.ANNOTATION_PREFIX + name] = decision.annotations[name]!;
  }
}

/** What went in and is not content: request-time attributes of the application and captured features. */
export function addRequest(into: FeedAttributes, call: ModelCall): void {
  if (call.streamed) into[ATTR.CALL_STREAMED] = true;
  text(into, ATTR.FEATURE_VIEW_NAME, call.featureView.name);
  text(into, ATTR.FEATURE_VIEW_VERSION, call.featureView.version);
  for (const name in call.attrs) into[ATTR.ATTRS_PREFIX + name] = call.attrs[name]!;
  for (const _ in call.features) {
    into[ATTR.INPUT_FEATURES] = call.features;
    break;
  }
}

/** What came out and is not content. */
export function addResponse(into: FeedAttributes, call: ModelCall): void {
  const { output, usage } = call;
  text(into, ATTR.OUTPUT_LABEL, output.label);
  number(into, ATTR.OUTPUT_SCORE, output.score);
  for (const _ in output.values) {
    into[ATTR.OUTPUT_VALUES] = output.values;
    break;
  }
  number(into, ATTR.CALL_TIME_TO_FIRST, call.timeToFirst);
  number(into, GEN_AI.USAGE_INPUT_TOKENS, usage.inputTokens);
  number(into, GEN_AI.USAGE_OUTPUT_TOKENS, usage.outputTokens);
  number(into, ATTR.USAGE_COST, usage.cost);
  text(into, GEN_AI.ERROR_TYPE, call.error.type);
  // Arguments of tool calls are content; only names leave the process.
  if (call.toolCalls.length > 0) into[ATTR.TOOL_CALLS] = call.toolCalls.map(({ name }) => ({ name }));
}

/** What travels on the feed and never on a span of the application. */
export function addFeedOnly(into: FeedAttributes, call: ModelCall): void {
  into[ATTR.CALL_STARTED_AT] = call.startedAt;
  for (const name in call.group) into[ATTR.GROUP_PREFIX + name] = call.group[name]!;
}
