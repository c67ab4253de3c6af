import { ATTR, GEN_AI } from '@guardspan/policy/runtime';
import type { Decision, ModelCall } from '@guardspan/policy/runtime';
import type { FeedAttributes, FeedIdentity } from '../feed/feed-record.js';
import { decidingVerdict } from './decisions.js';
import { saysMore } from './started-call.js';
import { toldText, toldValues } from './told-values.js';
import type { CallStart } from './types.js';

function number(into: FeedAttributes, name: string, value: number): void {
  if (!Number.isNaN(value)) into[name] = value;
}
function text(into: FeedAttributes, name: string, value: string): void {
  if (value !== '') into[name] = value;
}

/** Who is asked: the join keys that do not move. Set first, so that no limit of a pipeline cuts them. */
function identityOf(call: ModelCall): FeedAttributes {
  const { model } = call;
  const into: FeedAttributes = { [ATTR.MODEL_NAME]: model.name };
  text(into, ATTR.MODEL_VERSION, model.version);
  into[ATTR.MODEL_KIND] = model.kind;
  text(into, ATTR.MODEL_FRAMEWORK, model.framework);
  return into;
}

/** What was decided, added to `into`. Holds no content. Of a call about which no guard-rail says anything, the disposition says it all. */
function addDecision(into: FeedAttributes, decision: Decision): void {
  into[ATTR.DISPOSITION] = decision.disposition;
  if (decision.action !== 'allow') into[ATTR.ACTION] = decision.action;
  const verdict = decidingVerdict(decision);
  if (decision.probe) into[ATTR.CALL_PROBE] = true;
  text(into, ATTR.DIRECTIVE_ID, decision.directive);
  if (!verdict) return;
  into[ATTR.VERDICT] = verdict.outcome;
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
  if (decision.sample === true) into[ATTR.SAMPLE] = true;
  if (decision.rewrites !== undefined) into[ATTR.REWRITE_COUNT] = decision.rewrites.length;
  for (const name of Object.keys(decision.annotations)) {
    into[ATTR.ANNOTATION_PREFIX + name] = decision.annotations[name]!;
  }
}

/** What went in and is not content: request-time attributes of the application and captured features. */
function addRequest(into: FeedAttributes, call: ModelCall): void {
  if (call.streamed) into[ATTR.CALL_STREAMED] = true;
  if (!saysMore(call)) return;
  text(into, ATTR.FEATURE_VIEW_NAME, call.featureView.name);
  text(into, ATTR.FEATURE_VIEW_VERSION, call.featureView.version);
  const attrs = toldValues(call.attrs);
  for (const name in attrs) into[ATTR.ATTRS_PREFIX + name] = attrs[name]!;
  const features = toldValues(call.features);
  for (const _ in features) {
    into[ATTR.INPUT_FEATURES] = features;
    break;
  }
  if (attrs !== call.attrs || features !== call.features) into[ATTR.INPUT_TRUNCATED] = true;
}

/** What came out and is not content. */
function addResponse(into: FeedAttributes, call: ModelCall): void {
  const { output, usage } = call;
  if (output.label !== '') into[ATTR.OUTPUT_LABEL] = toldText(output.label);
  number(into, ATTR.OUTPUT_SCORE, output.score);
  for (const _ in output.values) {
    into[ATTR.OUTPUT_VALUES] = toldValues(output.values);
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

function addReroute(into: FeedAttributes, call: ModelCall, asked: string): void {
  const { rerouteTo } = call.decision;
  if (rerouteTo === '') return;
  into[ATTR.REROUTE_TO] = rerouteTo;
  into[ATTR.REROUTE_FROM] = asked;
}

/** What is told about one call: the call, the application's id of it, what was decided, and the name of the model that was asked at first. */
export interface CallFacts {
  call: ModelCall;
  callId: string;
  asked: string;
  /** What the adapter puts on the span beside this. */
  more: CallStart['spanAttributes'];
}

/** Who is asked, on spans of calls that are told apart by nothing but this. */
interface SpanIdentity {
  call: Pick<ModelCall, 'model' | 'environment' | 'operation'>;
  attributes: FeedAttributes;
}
/** The last of each adapter's attributes (of each model, where an adapter has none), which are the same object for calls that are alike. */
const spanIdentities = new WeakMap<object, SpanIdentity>();

/** Who is asked, on a span of the application: one object for calls that are alike, not to be changed. What the conventions of OpenTelemetry say in `more` (`gen_ai.*`) is not said twice. */
export function spanIdentity({ call, more }: CallFacts): FeedAttributes {
  const { model, environment, operation } = call;
  const alikeBy = more ?? model;
  const last = spanIdentities.get(alikeBy);
  if (last?.call.model === model && last.call.environment === environment && last.call.operation === operation)
    return last.attributes;
  const attributes = identityOf(call);
  if (more?.[GEN_AI.PROVIDER_NAME] === undefined) text(attributes, ATTR.MODEL_PROVIDER, model.provider);
  if (more?.[GEN_AI.OPERATION_NAME] === undefined) text(attributes, ATTR.OPERATION, operation);
  text(attributes, ATTR.ENVIRONMENT, environment);
  // Another model answers a rerouted call; the next one asks as this did.
  if (call.decision.rerouteTo === '')
    spanIdentities.set(alikeBy, { call: { model, environment, operation }, attributes });
  return attributes;
}

/** What is said of a call that is over, beside who was asked: the same on its span and on the feed. */
export function callAttributes({ call, callId, asked }: CallFacts, decision: Decision): FeedAttributes {
  const into: FeedAttributes = {};
  text(into, ATTR.TENANT, call.tenant);
  text(into, ATTR.CALL_ID, callId);
  addDecision(into, decision);
  addReroute(into, call, asked);
  addRequest(into, call);
  addResponse(into, call);
  return into;
}

/** Adds what never appears on a span of the application to {@link callAttributes}. */
export function forFeed(into: FeedAttributes, call: ModelCall): FeedAttributes {
  into[ATTR.CALL_STARTED_AT] = call.startedAt;
  for (const name in call.group) into[ATTR.GROUP_PREFIX + name] = call.group[name]!;
  return into;
}

/** The last of each model, which is the same object for calls that are alike. */
const identities = new WeakMap<object, { operation: string; identity: FeedIdentity }>();

/** Who is asked, on the feed, by what most calls have in common. The environment is on the feed's resource. */
export function feedIdentity({ call }: CallFacts): FeedIdentity {
  const { model, operation } = call;
  const last = identities.get(model);
  if (last?.operation === operation) return last.identity;
  const attributes = identityOf(call);
  text(attributes, ATTR.MODEL_PROVIDER, model.provider);
  text(attributes, ATTR.OPERATION, operation);
  const identity: FeedIdentity = { attributes };
  identities.set(model, { operation, identity });
  return identity;
}
