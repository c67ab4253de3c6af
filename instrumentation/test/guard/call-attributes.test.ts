import { describe, expect, it } from 'vitest';
import { currentCallAttributes, group, withCallAttributes } from '../../src/guard/call-attributes.js';

describe('call attributes', () => {
  it('reach calls after an await and end with the function', async () => {
    const seen = await withCallAttributes({ tenant: 'a', attrs: { plan: 'pro' } }, async () => {
      await Promise.resolve();
      return currentCallAttributes();
    });
    expect(seen).toEqual({ tenant: 'a', attrs: { plan: 'pro' } });
    expect(currentCallAttributes()).toBeUndefined();
  });

  it('add up when nested, the inner winning', () => {
    withCallAttributes({ tenant: 'a', attrs: { x: 1, y: 1 }, group: { sex: 'F' } }, () => {
      withCallAttributes({ attrs: { y: 2 } }, () => {
        expect(currentCallAttributes()).toEqual({ tenant: 'a', attrs: { x: 1, y: 2 }, group: { sex: 'F' } });
      });
    });
  });

  it('keep a group inside the context that set it', async () => {
    const handler = (value: string) =>
      withCallAttributes({}, async () => {
        group('sex', value);
        await new Promise((resolve) => setImmediate(resolve));
        return currentCallAttributes()?.group;
      });
    expect(await Promise.all([handler('F'), handler('M')])).toEqual([{ sex: 'F' }, { sex: 'M' }]);
    expect(currentCallAttributes()).toBeUndefined();
  });
});
