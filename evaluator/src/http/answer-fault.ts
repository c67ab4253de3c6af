import { sayIssue } from '@guardspan/policy';
import { z } from 'zod';
import { matchParts } from './match-parts.js';
import { routes } from './routes/index.js';

/** A JSON answer, or the content type of one that is streamed. */
export type Answer = { body: unknown } | { contentType: string };

/**
 * Why a successful answer is none that the API promises, for who asks it; empty when it is one. Releases before and after this one know fewer and more fields
 * and values: a field that is missing is a fault only where nothing of what was promised is there.
 *
 * @param path From the root, with or without a query. What is not of the API has no fault.
 */
export function answerFault(method: string, path: string, status: number, answer: Answer): string {
  const parts = path.split('?')[0]!.split('/');
  const route = routes.find((one) => one.method === method && matchParts(one.path.split('/'), parts) !== undefined);
  const promised = route?.responses[status];
  if (promised === undefined) return '';
  if ('contentType' in answer) {
    const type = promised.contentType ?? 'application/json';
    if (answer.contentType.startsWith(type)) return '';
    return `it is ${answer.contentType || 'of no content type'} instead of ${type}`;
  }
  const { schema } = promised;
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const issues = schema?.safeParse(answer.body, { reportInput: true }).error?.issues ?? [];
  const fault = issues.find(
    ({ code, input, path: place }) =>
      code === 'invalid_type' && (input !== undefined || isBare(place, answer.body, known)),
  );
  return fault === undefined ? '' : `${fault.path.join('.') || 'the answer'} ${sayIssue(fault)}`;
}

/** Whether the object that lacks the field at a place has none of its fields. `known` are those of the whole answer. */
function isBare(place: readonly PropertyKey[], body: unknown, known: readonly string[]): boolean {
  let value = body as { [key: PropertyKey]: unknown };
  for (const key of place.slice(0, -1)) value = value[key] as typeof value;
  return Object.keys(value).length === 0 || (place.length === 1 && !known.some((name) => name in value));
}
