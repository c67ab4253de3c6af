import { z } from 'zod';

const document = z.looseObject({
  spec: z.looseObject({ when: z.string().catch(''), until: z.string().nullish().catch('') }),
});
const COMPARISON = /\b(?:lower\.|upper\.)?([A-Za-z_]\w*)\s*[<>]=?\s*(-?\d+(?:\.\d+)?)\b/g;

/** Numbers that a condition compares its signals with, by signal: where the lines of a chart are drawn. What is compared otherwise has none. */
export function thresholdsOf(guardrail: unknown): { [signal: string]: number[] } {
  const { when = '', until } = document.safeParse(guardrail).data?.spec ?? {};
  const found: { [signal: string]: number[] } = {};
  for (const [, signal = '', limit = ''] of `${when} ; ${until ?? ''}`.matchAll(COMPARISON)) {
    const limits = (found[signal] ??= []);
    if (!limits.includes(Number(limit))) {
      limits.push(Number(limit));
    }
  }
  return found;
}
