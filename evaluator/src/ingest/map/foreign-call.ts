import { ATTR, createModelCall, GEN_AI, RESOURCE } from '@guardspan/policy';
import type { CallSource, RecordedCall } from '@guardspan/policy';
import type { DecodedSpan } from '../wire/decoded-span.js';
import { slot } from './keys.js';
import { text } from './scalars.js';

const MODEL_NAME = slot(ATTR.MODEL_NAME);
const ERROR_TYPE = slot(GEN_AI.ERROR_TYPE);

/** What `error.type` says of a failure that has no type of its own (OpenTelemetry's word). */
const OTHER_ERROR = '_OTHER';
const STATUS_ERROR = 2;

/** Operations that ask a model for an answer, with the kind of model; agents, tools and retrievals are none. */
const KIND_OF_OPERATION: { readonly [operation: string]: string | undefined } = Object.assign(
  Object.create(null) as { [operation: string]: string },
  { chat: 'llm', embeddings: 'embedding', generate_content: 'llm', rerank: 'ranker', text_completion: 'llm' },
);

/**
 * What every foreign span has in common: identity, times, error. Null when the operation asks no model, when no model is named, or when the span
 * is our own on the way to its tracing backend (it carries the model's name in our words; the feed has counted it).
 */
export function foreignCall(
  span: DecodedSpan,
  source: CallSource,
  operation: string,
  model: string,
  provider: string,
): RecordedCall | null {
  const kind = KIND_OF_OPERATION[operation];
  if (kind === undefined || model === '' || span.values[MODEL_NAME] !== undefined) return null;
  const resource = span.resource;
  const call = createModelCall();
  call.model.name = model;
  call.model.kind = kind;
  // Older OpenLLMetry writes `OpenAI`.
  call.model.provider = provider.toLowerCase();
  call.service = text(resource[RESOURCE.SERVICE_NAME]);
  call.environment = text(resource[RESOURCE.ENVIRONMENT]) || text(resource[RESOURCE.ENVIRONMENT_OLD]);
  call.operation = operation;
  call.startedAt = span.start / 1e9;
  call.duration = Math.max(0, (span.end - span.start) / 1e9);
  call.error.type = text(span.values[ERROR_TYPE]) || (span.status === STATUS_ERROR ? OTHER_ERROR : '');
  return {
    call,
    id: { traceId: span.traceId, spanId: span.spanId, callId: '' },
    source,
    sampled: true,
    instance: '',
    incarnation: '',
  };
}
