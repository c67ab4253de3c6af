import { GEN_AI, OPENLLMETRY } from '@guardspan/policy';
import type { CallSource, RecordedCall } from '@guardspan/policy';
import type { DecodedSpan } from '../wire/decoded-span.js';
import { foreignCall } from './foreign-call.js';
import { slot } from './keys.js';
import { number, text } from './scalars.js';

const REQUEST_MODEL = slot(GEN_AI.REQUEST_MODEL);
const RESPONSE_MODEL = slot(GEN_AI.RESPONSE_MODEL);
const PROVIDER = slot(GEN_AI.PROVIDER_NAME);
const SYSTEM_OLD = slot(GEN_AI.SYSTEM_OLD);
const STREAM = slot(GEN_AI.REQUEST_STREAM);
const IS_STREAMING = slot(OPENLLMETRY.IS_STREAMING);
const TIME_TO_FIRST = slot(GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK);
const INPUT = slot(GEN_AI.USAGE_INPUT_TOKENS);
const INPUT_OLD = slot(GEN_AI.USAGE_PROMPT_TOKENS_OLD);
const OUTPUT = slot(GEN_AI.USAGE_OUTPUT_TOKENS);
const OUTPUT_OLD = slot(GEN_AI.USAGE_COMPLETION_TOKENS_OLD);
const TOTAL = slot(OPENLLMETRY.USAGE_TOTAL_TOKENS_NEW);
const TOTAL_OLD = slot(OPENLLMETRY.USAGE_TOTAL_TOKENS);

/** A span in the words of the GenAI conventions, new or old, as a call; null when it is no model call. */
export function genAiCall(span: DecodedSpan, source: CallSource, operation: string): RecordedCall | null {
  const values = span.values;
  const model = text(values[REQUEST_MODEL]) || text(values[RESPONSE_MODEL]);
  const record = foreignCall(span, source, operation, model, text(values[PROVIDER]) || text(values[SYSTEM_OLD]));
  if (record === null) return null;
  const call = record.call;
  call.timeToFirst = number(values[TIME_TO_FIRST]);
  call.streamed = values[STREAM] === true || values[IS_STREAMING] === true || call.timeToFirst === call.timeToFirst;
  const usage = call.usage;
  usage.inputTokens = number(values[INPUT] ?? values[INPUT_OLD]);
  usage.outputTokens = number(values[OUTPUT] ?? values[OUTPUT_OLD]);
  const total = number(values[TOTAL] ?? values[TOTAL_OLD]);
  // An embedding has no output tokens; its total is then the provider's to say.
  usage.totalTokens = total === total ? total : usage.inputTokens + usage.outputTokens;
  return record;
}
