import { ATTR, GEN_AI, OPENINFERENCE, OPENLLMETRY } from '@guardspan/policy';
import { KeyTable } from '../wire/key-table.js';

const FEED = [
  ATTR.ACTION,
  ATTR.CALL_ID,
  ATTR.CALL_OPEN,
  ATTR.CALL_PROBE,
  ATTR.CALL_STARTED_AT,
  ATTR.CALL_STREAMED,
  ATTR.CALL_TIME_TO_FIRST,
  ATTR.DIRECTIVE_ID,
  ATTR.DISPOSITION,
  ATTR.ENVIRONMENT,
  ATTR.FEATURE_VIEW_NAME,
  ATTR.FEATURE_VIEW_VERSION,
  ATTR.INPUT_FEATURES,
  ATTR.MODEL_FRAMEWORK,
  ATTR.MODEL_KIND,
  ATTR.MODEL_NAME,
  ATTR.MODEL_PROVIDER,
  ATTR.MODEL_VERSION,
  ATTR.OPERATION,
  ATTR.OUTPUT_LABEL,
  ATTR.OUTPUT_SCORE,
  ATTR.OUTPUT_VALUES,
  ATTR.REROUTE_TO,
  ATTR.TENANT,
  ATTR.TOOL_CALLS,
  ATTR.USAGE_COST,
  ATTR.VERDICT_GUARDRAILS,
];

const CONVENTIONS = [
  GEN_AI.ERROR_TYPE,
  GEN_AI.OPERATION_NAME,
  GEN_AI.PROVIDER_NAME,
  GEN_AI.REQUEST_MODEL,
  GEN_AI.REQUEST_STREAM,
  GEN_AI.RESPONSE_MODEL,
  GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK,
  GEN_AI.SYSTEM_OLD,
  GEN_AI.USAGE_COMPLETION_TOKENS_OLD,
  GEN_AI.USAGE_INPUT_TOKENS,
  GEN_AI.USAGE_OUTPUT_TOKENS,
  GEN_AI.USAGE_PROMPT_TOKENS_OLD,
  ...Object.values(OPENLLMETRY),
  ...Object.values(OPENINFERENCE),
];

/** The attribute keys that mappers read. All others, text content among them, are skipped undecoded. */
export const CALL_KEYS = new KeyTable(
  [...FEED, ...CONVENTIONS],
  [ATTR.ATTRS_PREFIX, ATTR.GROUP_PREFIX, ATTR.TRUTH_PREFIX],
);

/** Slot of a key that {@link CALL_KEYS} holds. Throws when it holds none, at module load. */
export function slot(key: string): number {
  const found = CALL_KEYS.slotOf(key);
  if (found === undefined) throw new Error(`No mapper reads ${key}`);
  return found;
}
