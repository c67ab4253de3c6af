import type { MethodEndpoint } from '../../../src/models/promised/method-endpoint.js';

/** One kind of streamed answer. */
export interface StreamFixture {
  method: string;
  args: unknown[];
  /** The provider's chunks for a text in these pieces; the last one carries 5 output tokens. */
  chunks(pieces: readonly string[]): unknown[];
  /** The text that an application reads of chunks. */
  text(chunks: readonly unknown[]): string;
}

/** Requests and answers of one client, as its public API reference shows them. */
export interface MethodClient {
  name: string;
  endpoints: readonly MethodEndpoint[];
  /** Requests with a text in every place that has one, and how many these are. */
  requests(text: string): { method: string; args: unknown[]; texts: number }[];
  /** An answer of model `m` with 10 and 5 tokens, whose texts and tool arguments are `text`. */
  answer(text: string): { method: string; args: unknown[]; result: unknown };
  answerTexts: number;
  streams: readonly StreamFixture[];
  /** The result of a streaming method, for chunks. */
  open(chunks: AsyncGenerator<unknown>): unknown;
  /** How an application reads the result. */
  read(result: unknown): AsyncIterable<unknown>;
  /** What of a value may hold text. */
  readable(value: unknown): string;
}

export const json = (value: unknown): string => JSON.stringify(value);
export const iterable = (result: unknown): AsyncIterable<unknown> => result as AsyncIterable<unknown>;
/** What is at a path of keys; undefined when the path ends before. */
export function at(value: unknown, ...keys: (string | number)[]): unknown {
  return keys.reduce<unknown>((node, key) => (node as { [key: string | number]: unknown } | undefined)?.[key], value);
}
/** The list at a path of keys; empty when there is none. */
export function listAt(value: unknown, ...keys: (string | number)[]): unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}
/** Joins the texts that `read` finds in chunks. */
export function joined(read: (chunk: unknown) => unknown): StreamFixture['text'] {
  return (chunks) =>
    chunks
      .map((chunk) => read(chunk))
      .filter((text) => typeof text === 'string')
      .join('');
}
