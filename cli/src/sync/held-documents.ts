import { askMeant, DOCUMENT_KINDS, HELD_KINDS } from '@guardspan/policy';
import type { HeldKind, NormalForms } from '@guardspan/policy';
import type { ApiAnswer, ApiClient } from '../api-client.js';
import { CliError } from '../cli-error.js';
import { pathOf, singularOf } from '../resources.js';

/** A document as the evaluator holds it. */
export interface HeldDocument<K extends HeldKind = HeldKind> {
  kind: K;
  name: string;
  revision: string;
  generation: number;
  author: string;
  /** Why it was changed; absent from older evaluators. */
  why?: string;
  source: string;
  /** Set while it differs from its repository by a break-glass edit; absent from older evaluators. */
  breakGlass?: { base: string; until: number } | null;
  normal: NormalForms[K];
}

/** A document as the API shows it: its normal form stands under the name of its kind. */
export function heldDocument<K extends HeldKind>(kind: K, view: unknown): HeldDocument<K> {
  const { [singularOf(kind)]: normal, ...rest } = view as { [key: string]: unknown };
  return { ...rest, kind, normal } as HeldDocument<K>;
}

/**
 * One document, as the API shows it.
 * @throws CliError GUARDSPAN_NOT_FOUND with the name that was probably meant
 */
export async function askFor(client: ApiClient, kind: HeldKind, name: string): Promise<ApiAnswer> {
  const answer = await client.request('GET', pathOf(kind, name), { expected: [404] });
  if (answer.status !== 404) return answer;
  const resource = `${singularOf(kind)}s`;
  const known = (await heldOf(client, kind)).map((one) => one.name);
  throw new CliError(
    'GUARDSPAN_NOT_FOUND',
    `there is no ${DOCUMENT_KINDS[kind].noun} "${name}"`,
    `${askMeant(name, known)}\`guardspan get ${resource}\` lists what is there`,
  );
}

/** Everything of one kind that an evaluator holds; nothing of a kind that an older one does not know. */
export async function heldOf<K extends HeldKind>(client: ApiClient, kind: K): Promise<HeldDocument<K>[]> {
  const { status, body } = await client.request('GET', pathOf(kind), { expected: [404] });
  if (status === 404) return [];
  return (body as { items: unknown[] }).items.map((view) => heldDocument(kind, view));
}

/** Everything that an evaluator holds. */
export async function heldDocuments(client: ApiClient): Promise<HeldDocument[]> {
  const found: HeldDocument[] = [];
  for (const kind of HELD_KINDS) found.push(...(await heldOf(client, kind)));
  return found;
}
