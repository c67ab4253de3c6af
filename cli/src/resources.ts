import { DOCUMENT_KINDS, HELD_KINDS } from '@guardspan/policy';
import type { HeldKind } from '@guardspan/policy';
import { CliError, WRONG_USE } from './cli-error.js';
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

/** One document, as commands name it. */
export interface NamedDocument {
  kind: HeldKind;
  name: string;
}

/**
 * Documents of a command line, written `RESOURCE NAME...` or as commands print them, `RESOURCE/NAME...`.
 *
 * @throws CliError USAGE when the API has no such resource, or a name is missing
 */
export function namedDocuments(resource: string, names: readonly string[]): NamedDocument[] {
  if (!resource.includes('/')) {
    const kind = kindOfResource(resource);
    if (names.length === 0) throw new CliError(WRONG_USE, `no ${singularOf(kind)} is named`, `e.g. ${resource}/NAME`);
    return names.map((name) => ({ kind, name }));
  }
  return [resource, ...names].map((written) => {
    const at = written.indexOf('/');
    if (at === -1)
      throw new CliError(WRONG_USE, `"${written}" names no resource`, 'write all of them as RESOURCE/NAME');
    const kind = kindOfResource(written.slice(0, at));
    const name = written.slice(at + 1);
    if (name === '') throw new CliError(WRONG_USE, `"${written}" names no document`, `e.g. ${singularOf(kind)}/NAME`);
    return { kind, name };
  });
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
