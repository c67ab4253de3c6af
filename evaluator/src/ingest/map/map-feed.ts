import { ATTR, createModelCall, GEN_AI, RESOURCE } from '@guardspan/policy';
import type { CallValue, ModelCall, RecordedCall, ToolCall } from '@guardspan/policy';
import type { DecodedSpan } from '../wire/decoded-span.js';
import { slot } from './keys.js';
import { readStructured } from './read-structured.js';
import { number, text } from './scalars.js';

const S = {
  ACTION: slot(ATTR.ACTION),
  CALL_ID: slot(ATTR.CALL_ID),
  CALL_OPEN: slot(ATTR.CALL_OPEN),
  CALL_PROBE: slot(ATTR.CALL_PROBE),
  CALL_STARTED_AT: slot(ATTR.CALL_STARTED_AT),
  CALL_STREAMED: slot(ATTR.CALL_STREAMED),
  CALL_TIME_TO_FIRST: slot(ATTR.CALL_TIME_TO_FIRST),
  DIRECTIVE_ID: slot(ATTR.DIRECTIVE_ID),
  DISPOSITION: slot(ATTR.DISPOSITION),
  ENVIRONMENT: slot(ATTR.ENVIRONMENT),
  FEATURE_VIEW_NAME: slot(ATTR.FEATURE_VIEW_NAME),
  FEATURE_VIEW_VERSION: slot(ATTR.FEATURE_VIEW_VERSION),
  INPUT_FEATURES: slot(ATTR.INPUT_FEATURES),
  MODEL_FRAMEWORK: slot(ATTR.MODEL_FRAMEWORK),
  MODEL_KIND: slot(ATTR.MODEL_KIND),
  MODEL_NAME: slot(ATTR.MODEL_NAME),
  MODEL_PROVIDER: slot(ATTR.MODEL_PROVIDER),
  MODEL_VERSION: slot(ATTR.MODEL_VERSION),
  OPERATION: slot(ATTR.OPERATION),
  OUTPUT_LABEL: slot(ATTR.OUTPUT_LABEL),
  OUTPUT_SCORE: slot(ATTR.OUTPUT_SCORE),
  OUTPUT_VALUES: slot(ATTR.OUTPUT_VALUES),
  REROUTE_TO: slot(ATTR.REROUTE_TO),
  TENANT: slot(ATTR.TENANT),
  TOOL_CALLS: slot(ATTR.TOOL_CALLS),
  USAGE_COST: slot(ATTR.USAGE_COST),
  VERDICT_GUARDRAILS: slot(ATTR.VERDICT_GUARDRAILS),
};
const INPUT_TOKENS = slot(GEN_AI.USAGE_INPUT_TOKENS);
const OUTPUT_TOKENS = slot(GEN_AI.USAGE_OUTPUT_TOKENS);
const PROVIDER = slot(GEN_AI.PROVIDER_NAME);
const ERROR_TYPE = slot(GEN_AI.ERROR_TYPE);

type Fields = { [key: string]: CallValue };

function fields(value: CallValue | undefined): Fields {
  const parsed = readStructured(value);
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : {};
}

/** Arguments that are no map (a model may answer anything) read as none. */
function toolCalls(value: CallValue | undefined): ToolCall[] {
  const parsed = readStructured(value);
  if (!Array.isArray(parsed)) return [];
  return parsed.map(fields).map((tool) => ({ name: text(tool['name']), arguments: fields(tool['arguments']) }));
}

/** A group is a word; a map or a list is none. */
const groupOf = (value: CallValue): string => (typeof value === 'object' ? '' : String(value));

/** Where an attribute with one of our prefixes belongs, and its name there. */
interface Place {
  field: 'attrs' | 'group' | 'truth';
  name: string;
}
/** Places kept; names come from applications, so that they may be without number. */
const MAX_PLACES = 1000;
const places = new Map<string, Place>();

function placeOf(key: string): Place {
  const known = places.get(key);
  if (known !== undefined) return known;
  let place: Place;
  if (key.startsWith(ATTR.ATTRS_PREFIX)) place = { field: 'attrs', name: key.slice(ATTR.ATTRS_PREFIX.length) };
  else if (key.startsWith(ATTR.GROUP_PREFIX)) place = { field: 'group', name: key.slice(ATTR.GROUP_PREFIX.length) };
  else place = { field: 'truth', name: key.slice(ATTR.TRUTH_PREFIX.length) };
  if (places.size >= MAX_PLACES) places.clear();
  places.set(key, place);
  return place;
}

function put(call: ModelCall, key: string, value: CallValue): void {
  const { field, name } = placeOf(key);
  // Assigning this one would set the prototype.
  if (name === '__proto__') return;
  if (field === 'attrs') call.attrs[name] = value;
  else if (field === 'group') call.group[name] = groupOf(value);
  else call.truth[name] = value;
}

/** A record of our own private feed as a call; null when it names no model. */
export function mapFeed(span: DecodedSpan): RecordedCall | null {
  const values = span.values;
  const name = text(values[S.MODEL_NAME]);
  if (name === '') return null;
  const resource = span.resource;
  const call = createModelCall();
  call.model.name = name;
  call.model.version = text(values[S.MODEL_VERSION]);
  call.model.kind = text(values[S.MODEL_KIND]) || 'other';
  call.model.framework = text(values[S.MODEL_FRAMEWORK]);
  call.model.provider = text(values[S.MODEL_PROVIDER]) || text(values[PROVIDER]);
  call.service = text(resource[RESOURCE.SERVICE_NAME]);
  call.environment =
    text(values[S.ENVIRONMENT]) || text(resource[RESOURCE.ENVIRONMENT]) || text(resource[RESOURCE.ENVIRONMENT_OLD]);
  call.tenant = text(values[S.TENANT]);
  call.operation = text(values[S.OPERATION]);
  const startedAt = number(values[S.CALL_STARTED_AT]);
  call.startedAt = startedAt === startedAt ? startedAt : span.start / 1e9;
  call.duration = Math.max(0, (span.end - span.start) / 1e9);
  call.timeToFirst = number(values[S.CALL_TIME_TO_FIRST]);
  call.streamed = values[S.CALL_STREAMED] === true;
  call.error.type = text(values[ERROR_TYPE]);
  call.usage.inputTokens = number(values[INPUT_TOKENS]);
  call.usage.outputTokens = number(values[OUTPUT_TOKENS]);
  call.usage.totalTokens = call.usage.inputTokens + call.usage.outputTokens;
  call.usage.cost = number(values[S.USAGE_COST]);
  if (values[S.INPUT_FEATURES] !== undefined) call.features = fields(values[S.INPUT_FEATURES]);
  call.output.label = text(values[S.OUTPUT_LABEL]);
  call.output.score = number(values[S.OUTPUT_SCORE]);
  if (values[S.OUTPUT_VALUES] !== undefined) call.output.values = fields(values[S.OUTPUT_VALUES]);
  if (values[S.TOOL_CALLS] !== undefined) call.toolCalls = toolCalls(values[S.TOOL_CALLS]);
  call.featureView.name = text(values[S.FEATURE_VIEW_NAME]);
  call.featureView.version = text(values[S.FEATURE_VIEW_VERSION]);
  call.decision.action = text(values[S.ACTION]) || 'allow';
  call.decision.disposition = text(values[S.DISPOSITION]) || 'not_evaluated';
  const guardrails = values[S.VERDICT_GUARDRAILS];
  if (Array.isArray(guardrails)) call.decision.guardrails = guardrails.map(text);
  call.decision.rerouteTo = text(values[S.REROUTE_TO]);
  call.decision.probe = values[S.CALL_PROBE] === true;
  call.decision.directive = text(values[S.DIRECTIVE_ID]);
  for (let i = 0; i < span.prefixed.length; i += 2) {
    put(call, span.prefixed[i] as string, span.prefixed[i + 1] as CallValue);
  }
  const record: RecordedCall = {
    call,
    id: { traceId: span.traceId, spanId: span.spanId, callId: text(values[S.CALL_ID]) },
    source: 'feed',
    sampled: false,
    instance: text(resource[RESOURCE.SERVICE_INSTANCE_ID]),
    incarnation: text(resource[RESOURCE.INCARNATION]),
  };
  // Few records have it: the shape of the others stays what it is.
  if (values[S.CALL_OPEN] === true) record.open = true;
  return record;
}
