import type { RewriteAction } from '../document/types.js';
import type { CompiledInline, DetectorResults } from './compile-inline.js';
import type { RewriteStep } from './rewrite-types.js';

/**
 * What a guard-rail rewrites of a call; null when there is no such text. What tools are given is no text for people, and has to stay what the tool can read.
 * @throws what the texts throw that cannot be read
 */
export function rewriteStep(
  { name, point, guardrail: { spec } }: CompiledInline,
  { with: literal, by, roles }: RewriteAction,
  results: DetectorResults,
): RewriteStep | null {
  const named: readonly string[] = roles;
  const parts = results
    .parts()
    .filter(
      ({ role, tool }) => tool === undefined && (point !== 'request' || named.includes(role === '' ? 'user' : role)),
    );
  if (parts.length === 0) return null;
  return {
    guardrail: name,
    ...(literal === undefined ? {} : { with: literal }),
    ...(by === undefined ? {} : { by }),
    onError: spec.onError,
    parts,
  };
}
