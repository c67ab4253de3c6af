import type { InlinePoint, RewriteAction, RewriteRole } from '../document/types.js';
import type { CompiledInline, DetectorResults } from './compile-inline.js';
import type { RewriteStep } from './rewrite-types.js';

/** What clients call the roles. */
const ROLES: Readonly<Record<string, RewriteRole>> = {
  ...{ system: 'system', developer: 'system', user: 'user', assistant: 'assistant', model: 'assistant' },
  ...{ tool: 'tool', function: 'tool' },
};
/** Whose a text is of which nobody says it. */
const UNNAMED: Readonly<Record<InlinePoint, RewriteRole>> = {
  request: 'user',
  chunk: 'assistant',
  response: 'assistant',
};
/** In an answer the model speaks; what tools of the provider answered is not its word. */
const SPEAKER: readonly RewriteRole[] = ['assistant'];

/**
 * What a guard-rail rewrites of a call; null when there is no such text; at chunk it may come. What tools are given is no text for people, and has to stay what the tool can read.
 * @throws what the texts throw that cannot be read
 */
export function rewriteStep(
  { name, point, guardrail: { spec } }: CompiledInline,
  { with: literal, by, roles }: RewriteAction,
  results: DetectorResults,
): RewriteStep | null {
  const chosen = point === 'request' ? roles : SPEAKER;
  const parts = results
    .parts()
    .filter(({ role, tool }) => tool === undefined && chosen.includes(ROLES[role] ?? UNNAMED[point]));
  // Of a stream that is judged in pieces, what comes later is rewritten, too.
  if (parts.length === 0 && point !== 'chunk') return null;
  return {
    guardrail: name,
    ...(literal === undefined ? {} : { with: literal }),
    ...(by === undefined ? {} : { by }),
    onError: spec.onError,
    parts,
  };
}
