/**
 * Works on several items at a time and hands over what came of them in their order. The first failure ends it: what was begun is waited for, nothing else
 * begins, and items before the one that failed are still handed over.
 *
 * @param limit Items that are worked on at a time, at least 1.
 * @throws what `work` throws for the first item, in order, that fails
 */
export async function inOrder<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
  each: (result: Result) => void,
): Promise<void> {
  const results: Promise<Result>[] = [];
  let failed = false;
  let handed = 0;
  for (let begun = 0; handed < items.length; handed++) {
    while (!failed && begun < items.length && begun < handed + limit) {
      const result = work(items[begun++]!);
      result.catch(() => (failed = true));
      results.push(result);
    }
    try {
      each(await results[handed]!);
    } catch (error) {
      await Promise.allSettled(results);
      throw error;
    }
  }
}
