import { z } from 'zod';
import { EVIDENCE_MODES } from '../document/evidence-types.js';

const text = z.string();
const number = z.number();
const count = z.number().min(0);
const texts = z.array(text);
const origin = { model: text, version: text, featureView: text, calls: count, from: number, to: number };
const rateBaseline = z.object({ ...origin, events: count });
const meanBaseline = z.object({ ...origin, mean: number, lower: number, upper: number });
const binsBaseline = z.object({ ...origin, edges: z.array(number), categories: texts, counts: z.array(count) });
const reference = {
  limit: number.nullable(),
  against: z.object({ field: text, value: text }).nullable(),
  tolerance: count,
  direction: z.enum(['up', 'down']),
};
const among = text;

const test = z.discriminatedUnion('type', [
  z.object({ type: z.literal('rate'), of: text, among, ...reference, baseline: rateBaseline.nullable() }),
  z.object({
    type: z.literal('mean'),
    of: text,
    among,
    range: z.tuple([number, number]),
    ...reference,
    baseline: meanBaseline.nullable(),
  }),
  z.object({ type: z.literal('latency'), within: count, among, ...reference, baseline: rateBaseline.nullable() }),
  z.object({
    type: z.literal('rateGap'),
    attribute: text,
    of: text,
    among,
    ratio: number,
    margin: count,
    reference: text,
    groups: texts,
    sided: z.enum(['below', 'both']),
    strata: texts,
  }),
  z.object({ type: z.literal('drift'), of: text, among, baseline: binsBaseline, tolerance: count }),
  z.object({
    type: z.literal('association'),
    of: text,
    attribute: text,
    among,
    strata: texts,
    edges: z.array(number),
  }),
]);

/** A test and its promise in normal form, as a process receives it. */
export const evidenceSchema = z.object({
  test,
  promise: z.object({ falseAlarms: number.nullable(), per: count, alpha: number.nullable() }),
  mode: z.enum(EVIDENCE_MODES),
  maxSeries: count,
  explainBy: texts,
});
