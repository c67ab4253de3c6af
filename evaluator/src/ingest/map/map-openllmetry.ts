import { GEN_AI, OPENLLMETRY } from '@guardspan/policy';
import type { RecordedCall } from '@guardspan/policy';
import type { DecodedSpan } from '../wire/decoded-span.js';
import { genAiCall } from './gen-ai-call.js';
import { isOpenllmetry } from './is-openllmetry.js';
import { slot } from './keys.js';
import { text } from './scalars.js';

const OPERATION = slot(GEN_AI.OPERATION_NAME);
const REQUEST_TYPE = slot(OPENLLMETRY.REQUEST_TYPE);

/** `llm.request.type` of older versions as an operation of the GenAI conventions. */
function operationOf(requestType: string): string {
  switch (requestType) {
    case 'completion':
      return 'text_completion';
    case 'embedding':
      return 'embeddings';
    default:
      return requestType;
  }
}

/** A span of OpenLLMetry (traceloop) as a call, of versions before and after it took up the GenAI conventions. Null when it is no model call or another mapper's. */
export function mapOpenllmetry(span: DecodedSpan): RecordedCall | null {
  if (!isOpenllmetry(span)) return null;
  return genAiCall(span, 'openllmetry', text(span.values[OPERATION]) || operationOf(text(span.values[REQUEST_TYPE])));
}
