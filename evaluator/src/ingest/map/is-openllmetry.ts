import { OPENLLMETRY } from '@guardspan/policy';
import type { DecodedSpan } from '../wire/decoded-span.js';
import { slot } from './keys.js';

const REQUEST_TYPE = slot(OPENLLMETRY.REQUEST_TYPE);
const TOTAL = slot(OPENLLMETRY.USAGE_TOTAL_TOKENS_NEW);
const TOTAL_OLD = slot(OPENLLMETRY.USAGE_TOTAL_TOKENS);

/** True for spans of OpenLLMetry: by the scope of its JavaScript packages, else by attributes that only it writes. */
export function isOpenllmetry(span: DecodedSpan): boolean {
  const values = span.values;
  return (
    span.scope.startsWith('@traceloop/') ||
    values[REQUEST_TYPE] !== undefined ||
    values[TOTAL] !== undefined ||
    values[TOTAL_OLD] !== undefined
  );
}
