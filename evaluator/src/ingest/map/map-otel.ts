import { GEN_AI } from '@guardspan/policy';
import type { RecordedCall } from '@guardspan/policy';
import type { DecodedSpan } from '../wire/decoded-span.js';
import { genAiCall } from './gen-ai-call.js';
import { isOpenllmetry } from './is-openllmetry.js';
import { slot } from './keys.js';
import { text } from './scalars.js';

const OPERATION = slot(GEN_AI.OPERATION_NAME);

/**
 * A span in the words of the GenAI semantic conventions (OpenTelemetry's own instrumentations and the clients that trace themselves) as a call.
 * Null when it is no model call or another mapper's.
 */
export function mapOtel(span: DecodedSpan): RecordedCall | null {
  const operation = text(span.values[OPERATION]);
  if (operation === '' || isOpenllmetry(span)) return null;
  return genAiCall(span, 'otel', operation);
}
