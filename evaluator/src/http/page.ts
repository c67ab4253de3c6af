import { z } from 'zod';

/** Items of one page at most. */
const MAX_PAGE = 1000;

/** Where a page begins: what `next` of the page before said. */
export const afterSchema = z
  .string()
  .max(8192)
  .regex(/^[A-Za-z0-9_-]*$/, 'it is no cursor: send what `next` of the page before said')
  .default('')
  .describe('`next` of the page before; empty for the first page.');
/** How many items a page has. */
export const pageSizeSchema = z.coerce.number().int().min(1).max(MAX_PAGE);

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** Of the whole list, as it is now. */
  total: number;
  /** Cursor of the next page; empty when this is the last. */
  next: string;
}

/**
 * A page of a list, in the order of the keys. The cursor is a key, so that a list which changes between two pages loses and repeats nothing that was there all the
 * time. A list that fits into the first page stays in the order that it has.
 *
 * @param keyOf Different for any two items.
 */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  { after, limit = Infinity }: { after: string; limit?: number | undefined },
): Page<T> {
  if (after === '' && all.length <= limit) return { items: [...all], total: all.length, next: '' };
  const from = Buffer.from(after, 'base64url').toString('utf8');
  const keyed = all
    .map((item) => ({ key: keyOf(item), item }))
    .filter(({ key }) => after === '' || key > from)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const page = keyed.slice(0, limit);
  const next = page.length < keyed.length ? Buffer.from(page.at(-1)!.key, 'utf8').toString('base64url') : '';
  return { items: page.map(({ item }) => item), total: all.length, next };
}

/** A list under `items`, in pages. */
export function pagesOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    total: z.number().describe('Of the whole list, as it is now.'),
    next: z.string().describe('Ask with it as `after` for the next page; empty on the last.'),
  });
}
