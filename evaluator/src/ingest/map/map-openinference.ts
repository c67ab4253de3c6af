import { OPENINFERENCE } from '@guardspan/policy';
import type { CallValue, RecordedCall } from '@guardspan/policy';
import type { DecodedSpan } from '../wire/decoded-span.js';
import { foreignCall } from './foreign-call.js';
import { slot } from './keys.js';
import { readStructured } from './read-structured.js';
import { number, text } from './scalars.js';

const SPAN_KIND = slot(OPENINFERENCE.SPAN_KIND);
const PARAMETERS = slot(OPENINFERENCE.INVOCATION_PARAMETERS);
const MODEL = slot(OPENINFERENCE.MODEL_NAME);
const EMBEDDING_MODEL = slot(OPENINFERENCE.EMBEDDING_MODEL_NAME);
const PROVIDER = slot(OPENINFERENCE.PROVIDER);
const SYSTEM = slot(OPENINFERENCE.SYSTEM);
const INPUT = slot(OPENINFERENCE.TOKENS_PROMPT);
const OUTPUT = slot(OPENINFERENCE.TOKENS_COMPLETION);
const TOTAL = slot(OPENINFERENCE.TOKENS_TOTAL);

const NONE: { [key: string]: CallValue } = {};

function parameters(value: CallValue | undefined): { [key: string]: CallValue } {
  const parsed = readStructured(value);
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : NONE;
}

/**
 * A span in the words of OpenInference (Arize) as a call; null when it is none. The convention does not tell chats from plain completions: both are `chat`.
 */
export function mapOpeninference(span: DecodedSpan): RecordedCall | null {
  const values = span.values;
  const kind = values[SPAN_KIND];
  if (kind !== 'LLM' && kind !== 'EMBEDDING') return null;
  const request = parameters(values[PARAMETERS]);
  const model = text(request['model']) || text(values[MODEL]) || text(values[EMBEDDING_MODEL]);
  // The system names whose interface is spoken; the provider, when there is one, who hosts it.
  const provider = text(values[PROVIDER]) || text(values[SYSTEM]);
  const record = foreignCall(span, 'openinference', kind === 'LLM' ? 'chat' : 'embeddings', model, provider);
  if (record === null) return null;
  const { usage } = record.call;
  record.call.streamed = request['stream'] === true;
  usage.inputTokens = number(values[INPUT]);
  usage.outputTokens = number(values[OUTPUT]);
  const total = number(values[TOTAL]);
  usage.totalTokens = total === total ? total : usage.inputTokens + usage.outputTokens;
  return record;
}
