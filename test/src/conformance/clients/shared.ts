import type { WireAnswer } from './description.js';

/** Personal data in every prompt. */
export const ASKED = 'bob@example.net';
/** Personal data in every answer. */
export const ANSWERED = 'jane@example.com';
/** Personal data that the model gives to the tool {@link TOOL}. */
export const GIVEN = 'kim@example.org';
/** The tool that the model calls when there is one. */
export const TOOL = 'send';
/** What redaction makes of any of them. */
export const MASK = '<email>';

/** What a rewrite puts in the place of a text. */
export const LITERAL = 'rewritten';

export const PROMPT = `write to ${ASKED} please`;
/** The text of an answer, as it comes in one piece. */
export const ANSWER = `say hello to ${ANSWERED} now`;
/** The same text as it is streamed: the address is cut in three. */
export const PIECES = ['say hello to ja', 'ne@exam', 'ple.com', ' now'] as const;

/**
 * Models that make the local servers misbehave: HTTP 500; a connection that breaks off or stays open in the middle of a stream; a piece that is no JSON; an answer that
 * never comes; a first failure and then an answer. A name of its own for each, so that a usage needs nothing but the name.
 */
export const MODELS = {
  good: 'stub',
  other: 'other',
  error: 'ERR',
  cut: 'CUT',
  open: 'OPEN',
  malformed: 'BAD',
  never: 'NEVER',
  flaky: 'FLAKY',
} as const;

/** Milliseconds after which applications give up: long enough for a request to have left on a machine that is busy. */
export const PATIENCE = 1_000;

/** Name of the usage in which a piece of a stream cannot be read, and of the one in which the connection breaks off. */
export const MALFORMED = 'stream with a malformed chunk';
export const CUT = 'stream cut by the server';
/** Name of the usage whose call ends when its stream is garbage. */
export const UNREAD = 'stream that nobody reads';

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): WireAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, pieces: [JSON.stringify(body)] };
}

/** Pieces of a stream, changed in the way that the model asks for. */
export function streamFor(
  model: string,
  pieces: readonly (string | Uint8Array)[],
  contentType: string,
  malformed: string | Uint8Array,
): WireAnswer {
  const headers = { 'content-type': contentType };
  if (model === MODELS.cut) return { status: 200, headers, pieces: pieces.slice(0, 3), ending: 'cut' };
  if (model === MODELS.open) return { status: 200, headers, pieces: pieces.slice(0, 3), ending: 'open' };
  if (model === MODELS.malformed) return { status: 200, headers, pieces: [...pieces.slice(0, 2), malformed] };
  return { status: 200, headers, pieces };
}

/** The answer that a misbehaving model gives before anything of a good one; undefined for one that answers. */
export function failureFor(model: string, attempt: number, error: unknown): WireAnswer | undefined {
  if (model === MODELS.error || (model === MODELS.flaky && attempt === 0)) return json(error, 500);
  if (model === MODELS.never) return { status: 200, pieces: [], ending: 'open' };
  return undefined;
}

const chunksSeen: unknown[] = [];

/** What applications read of streams since the last time that somebody asked. */
export function takeSeen(): unknown[] {
  return chunksSeen.splice(0);
}

/** Reads a stream to its end; what came before an error is remembered for {@link takeSeen}. */
export async function chunksOf<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const chunks: T[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
    chunksSeen.push(chunk);
  }
  return chunks;
}
