import { DOCUMENT_KINDS, HELD_KINDS } from '@guardspan/policy';
import type { HeldKind } from '@guardspan/policy';
import { unknownName } from './unknown-name.js';

/** Names of the resources that an evaluator holds, e.g. `guardrails`. */
export const RESOURCES = HELD_KINDS.map((kind) => collectionOf(kind));

/**
 * The kind of documents behind a resource, named in the plural or the singular.
 * @param others What else the command takes for a resource, for the list of those that exist.
 * @throws CliError USAGE when the API has no such resource
 */
export function kindOfResource(resource: string, others: readonly string[] = []): HeldKind {
  const kind = HELD_KINDS.find((one) => [collectionOf(one), singularOf(one)].includes(resource));
  if (kind !== undefined) return kind;
  throw unknownName(`there is no resource "${resource}"`, resource, [...RESOURCES, ...others]);
}

/** Name of one document in what commands print, e.g. `guardrail`. */
export function singularOf(kind: HeldKind): string {
  return collectionOf(kind).slice(0, -1);
}

/** Path of the API for the documents of a kind, or for one of them. */
export function pathOf(kind: HeldKind, name?: string): string {
  const list = `/api/v1/${collectionOf(kind)}`;
  return name === undefined ? list : `${list}/${encodeURIComponent(name)}`;
}

function collectionOf(kind: HeldKind): string {
  // Every kind that is held has one.
  return DOCUMENT_KINDS[kind].collection!;
}
