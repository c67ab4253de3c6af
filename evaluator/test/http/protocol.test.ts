import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventLog } from '../../src/http/event-log.js';
import { startHarness, type Harness } from './harness.js';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());

describe('protocol', () => {
  it('answers unknown routes, wrong methods and broken JSON with a problem', async () => {
    expect((await h.call('GET', '/api/v1/nothing', 'ada-admin')).status).toBe(404);
    const wrong = await h.call('DELETE', '/api/v1/kill', 'ada-admin');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST']);
    const broken = await h.call('POST', '/api/v1/kill', 'ada-admin', {
      body: '{\n "scope": ,}',
      headers: { 'content-type': 'application/json' },
    });
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ code: 'GUARDSPAN_JSON', errors: [{ line: 2, column: 11 }] });
  });

  it('answers 503 while the store takes no writes, and 500 without the text of a fault', async () => {
    await h.store.putVerdict({ id: 'v1', guardrail: 'g', series: {}, firstAt: 1, releasedAt: 0 } as never);
    h.deps.engine.release = () => {
      throw new Error('secret detail');
    };
    const fault = await h.call('POST', '/api/v1/verdicts/v1/release', 'ada-admin', { body: { reason: 'x' } });
    expect(fault.status).toBe(500);
    expect(await fault.text()).not.toContain('secret detail');
    expect(h.faults.map((one) => one.message)).toEqual(['secret detail']);
    await h.store.close();
    const closed = await h.call('POST', '/api/v1/truths', 'ada-admin', {
      body: { items: [{ call_id: 'c', name: 'n', value: 1, at: 1 }] },
    });
    expect([closed.status, ((await closed.json()) as { code: string }).code]).toEqual([503, 'GUARDSPAN_STORE_CLOSED']);
  });

  it('resumes the event stream after the last event and bounds the number of streams', async () => {
    for (const n of [1, 2]) h.deps.events.publish({ type: 'fleet', at: n, data: { n } });
    const stream = (last: string): Promise<Response> =>
      h.call('GET', '/api/v1/events', 'ada-admin', { headers: { 'last-event-id': last } });
    const resumed = await stream('start-1');
    const reader = resumed.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('data:')) text += (await reader.read()).value!;
    expect(text).toContain('id: start-2\nevent: fleet\ndata: {"at":2,"n":2}');
    expect(text).not.toContain('"n":1');
    await stream('start-2');
    expect((await stream('start-2')).status).toBe(503);
  });
});

describe('event log', () => {
  it('says when events are not held any more or come from another start', () => {
    const log = createEventLog('s', 2);
    for (const at of [1, 2, 3]) log.publish({ type: 'fleet', at, data: {} });
    const seen = (last: string): [boolean, number[]] => {
      const got: number[] = [];
      const { gap, stop } = log.subscribe(last, (event) => got.push(event.at));
      stop();
      return [gap, got];
    };
    expect(seen('')).toEqual([false, []]);
    expect(seen('s-1')).toEqual([false, [2, 3]]);
    expect(seen('s-0')).toEqual([true, [2, 3]]);
    expect(seen('other-1')).toEqual([true, []]);
  });
});
