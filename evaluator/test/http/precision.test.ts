import { afterEach, describe, expect, it } from 'vitest';
import { startHarness, type Harness } from './harness.js';

let h: Harness;
afterEach(() => h.close());

async function found(id: string, mode: string): Promise<void> {
  await h.store.putVerdict({
    ...{ id, guardrail: 'slow', revision: 'r', series: {}, mode, action: 'deny', disposition: 'enforced' },
    ...{
      state: 'firing',
      code: 'condition',
      message: '',
      firstAt: 5,
      lastAt: 5,
      releasedAt: 0,
      signals: {},
      trace: [],
    },
    ...{ exampleTraceIds: [], auditSeq: 0 },
  });
}

describe('precision', () => {
  it('is what people say of the verdicts of a guard-rail, with its interval and by mode', async () => {
    h = await startHarness();
    for (const id of ['a', 'b', 'c', 'd', 'e']) await found(id, id === 'e' ? 'enforce' : 'dryrun');
    const judge = (verdictId: string, judgement: string): Promise<Response> =>
      h.call('POST', '/api/v1/feedback', 'eddie-editor', { body: { verdictId, judgement, reason: 'looked at it' } });
    for (const [id, judgement] of [
      ['a', 'right'],
      ['b', 'right'],
      ['c', 'false_alarm'],
      ['e', 'unclear'],
    ] as const)
      expect((await judge(id, judgement)).status).toBe(201);
    expect((await judge('a', 'wrong')).status).toBe(400);
    expect(h.judged).toEqual([
      ['slow', 'right'],
      ['slow', 'right'],
      ['slow', 'false_alarm'],
      ['slow', 'unclear'],
    ]);
    const answer = await h.call('GET', '/api/v1/guardrails/slow/precision', 'vera-viewer');
    const none = { precision: null, lower: null, upper: null };
    const some = { precision: 2 / 3, lower: expect.closeTo(0.2077, 3), upper: expect.closeTo(0.9385, 3) };
    expect(await answer.json()).toEqual({
      ...{ since: 5, verdicts: 5, right: 2, falseAlarm: 1, unclear: 1, ...some },
      modes: [
        { mode: 'dryrun', verdicts: 4, right: 2, falseAlarm: 1, unclear: 0, ...some },
        { mode: 'enforce', verdicts: 1, right: 0, falseAlarm: 0, unclear: 1, ...none },
      ],
    });
  });

  it('is unknown where nobody judged', async () => {
    h = await startHarness();
    const answer = await h.call('GET', '/api/v1/guardrails/none/precision', 'vera-viewer');
    expect(await answer.json()).toMatchObject({ since: 0, verdicts: 0, precision: null, modes: [] });
  });
});
