import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../src/sync/in-order.js';

/** Lets the others go on for some turns. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

describe('work on several items at a time', () => {
  it('hands over what came of them in their order, never more than the limit at a time', async () => {
    const item = fc.record({ turns: fc.nat(20), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), async (items, limit) => {
        const handed: number[] = [];
        let running = 0;
        let most = 0;
        let begun = 0;
        const work = async (index: number): Promise<number> => {
          begun++;
          most = Math.max(most, ++running);
          await turns(items[index]!.turns);
          running--;
          if (items[index]!.fails) throw new Error(String(index));
          return index;
        };
        const numbers = items.map((_, index) => index);
        const first = items.findIndex(({ fails }) => fails);
        const done = inOrder(numbers, limit, work, (result) => handed.push(result));
        if (first < 0) await done;
        else await expect(done).rejects.toThrow(new Error(String(first)));
        expect(handed).toEqual(first < 0 ? numbers : numbers.slice(0, first));
        expect(most).toBeLessThanOrEqual(limit);
        // What was begun has ended, and nothing begins behind a failure.
        expect(running).toBe(0);
        if (first >= 0) expect(begun).toBeLessThanOrEqual(first + limit);
      }),
    );
  });
});
