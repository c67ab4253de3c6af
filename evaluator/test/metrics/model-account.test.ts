import { createModelCall } from '@guardspan/policy';
import type { ModelCall, RecordedCall } from '@guardspan/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Metrics } from '../../src/metrics/metrics.js';
import { ModelAccount } from '../../src/metrics/model-account.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

function recorded(change: (call: ModelCall) => void, traceId = TRACE): RecordedCall {
  const call = createModelCall();
  Object.assign(call, { service: 'shop', environment: 'production', duration: 0.2 });
  Object.assign(call.model, { name: 'risk', version: '3', kind: 'classifier' });
  change(call);
  return {
    call,
    id: { traceId, spanId: '', callId: '' },
    source: 'feed',
    sampled: false,
    instance: 'i',
    incarnation: 'n',
  };
}
const plain = (): RecordedCall => recorded(() => undefined);

function account(): { models: ModelAccount; scrape: () => Promise<Map<string, string>> } {
  const metrics = new Metrics();
  const models = new ModelAccount(metrics, (name) => name === 'no-pii');
  return {
    models,
    async scrape() {
      models.flush();
      const lines = (await metrics.scrape()).text
        .split('\n')
        .filter((line) => /^guardspan_(model|guardrail_calls)/.test(line));
      return new Map(
        lines.map((line) => [/^\S+\{.*?\}/.exec(line)![0], line.slice(/^\S+\{.*?\} /.exec(line)![0].length)]),
      );
    },
  };
}
const OF = 'service="shop",environment="production",model="risk",model_version="3"';
const value = (text: string | undefined): number => Number(text?.split(' ')[0]);

describe('calls by model', () => {
  it('begin at 0 and take their counts with the scrape after, so that a first event is an increase', async () => {
    const { models, scrape } = account();
    models.count([plain()], 100);
    const first = await scrape();
    expect(value(first.get(`guardspan_model_calls_total{${OF},outcome="answered"}`))).toBe(0);
    expect(value(first.get(`guardspan_model_call_duration_seconds_count{${OF}}`))).toBe(0);
    const second = await scrape();
    expect(value(second.get(`guardspan_model_calls_total{${OF},outcome="answered"}`))).toBe(1);
    expect(value(second.get(`guardspan_model_call_duration_seconds_count{${OF}}`))).toBe(1);
    expect(value((await scrape()).get(`guardspan_model_calls_total{${OF},outcome="answered"}`))).toBe(1);
  });

  it('can be listed with their totals, their times and what guard-rails did', async () => {
    const { models, scrape } = account();
    models.count([plain(), plain(), recorded((call) => Object.assign(call, { duration: 0.9 }))], 100);
    await scrape();
    models.count(
      [
        recorded((call) =>
          Object.assign(call.decision, { action: 'deny', disposition: 'enforced', guardrails: ['no-pii'] }),
        ),
      ],
      107,
    );
    const verdict = { guardrail: 'no-pii', action: 'deny', disposition: 'enforced', calls: 1 };
    expect(models.list()).toMatchObject([
      {
        ...{ service: 'shop', environment: 'production', model: 'risk', version: '3', kind: 'classifier' },
        ...{ firstAt: 100, lastAt: 107, answered: 3, failed: 0, refused: 1, verdicts: [verdict] },
        timeToFirst: { p50: null, p95: null, p99: null },
      },
    ]);
    const { p50, p95 } = models.list()[0]!.duration;
    // 0.2 is between the bounds 0.1 and 0.25, and 0.9 between 0.5 and 1.
    expect([p50! > 0.1 && p50! <= 0.25, p95! > 0.5 && p95! <= 1]).toEqual([true, true]);
  });

  it('tell answered, failed and refused ones apart, and time those only that reached the model', async () => {
    const { models, scrape } = account();
    models.count(
      [
        plain(),
        recorded((call) => (call.error.type = 'Timeout')),
        recorded((call) => (call.decision.action = 'shutdown')),
        recorded((call) => (call.decision.action = 'reroute')),
      ],
      100,
    );
    await scrape();
    const shown = await scrape();
    const outcome = (name: string): number => value(shown.get(`guardspan_model_calls_total{${OF},outcome="${name}"}`));
    expect([outcome('answered'), outcome('failed'), outcome('refused')]).toEqual([2, 1, 1]);
    expect(value(shown.get(`guardspan_model_call_duration_seconds_count{${OF}}`))).toBe(3);
  });

  it('carry the trace of the bucket as an exemplar', async () => {
    const { models, scrape } = account();
    models.count([plain()], 100);
    await scrape();
    expect((await scrape()).get(`guardspan_model_call_duration_seconds_bucket{${OF},le="0.25"}`)).toBe(
      `1 # {trace_id="${TRACE}"} 0.2 100`,
    );
  });

  it('count tokens and cost that were reported, and nothing for those that were not', async () => {
    const { models, scrape } = account();
    models.count(
      [plain(), recorded((call) => Object.assign(call.usage, { inputTokens: 10, outputTokens: 5, cost: 0.25 }))],
      1,
    );
    await scrape();
    const shown = await scrape();
    expect(value(shown.get(`guardspan_model_tokens_total{${OF},type="input"}`))).toBe(10);
    expect(value(shown.get(`guardspan_model_tokens_total{${OF},type="output"}`))).toBe(5);
    expect(value(shown.get(`guardspan_model_cost_total{${OF}}`))).toBe(0.25);
  });

  it('name the guard-rails that had a verdict, when they are in force and what they did is of the closed lists', async () => {
    const { models, scrape } = account();
    const decided = (guardrail: string, action: string, disposition: string): RecordedCall =>
      recorded((call) => Object.assign(call.decision, { guardrails: [guardrail], action, disposition }));
    models.count(
      [decided('no-pii', 'redact', 'enforced'), decided('unknown', 'redact', 'enforced'), decided('no-pii', 'x', 'y')],
      1,
    );
    await scrape();
    const lines = [...(await scrape())].filter(([name]) => name.startsWith('guardspan_guardrail_calls'));
    expect(lines.map(([name, text]) => [name, value(text)])).toEqual([
      [`guardspan_guardrail_calls_total{${OF},guardrail="no-pii",action="redact",disposition="enforced"}`, 1],
    ]);
  });

  it('are bounded: beyond 500 models they count as one named other, and none is lost', async () => {
    const { models, scrape } = account();
    const calls = Array.from({ length: 700 }, (_, index) => recorded((call) => (call.model.name = `m${index}`)));
    models.count(calls, 1);
    await scrape();
    const shown = [...(await scrape())].filter(([name]) => name.includes('outcome="answered"'));
    expect(shown).toHaveLength(501);
    expect(shown.reduce((sum, [, text]) => sum + value(text), 0)).toBe(700);
    expect(value(shown.find(([name]) => name.includes('model="other"'))![1])).toBe(200);
  });

  it('put each duration into the one bucket whose boundary it does not pass', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0, max: 120, noNaN: true }), { maxLength: 20 }), async (durations) => {
        const { models, scrape } = account();
        models.count([plain(), ...durations.map((duration) => recorded((call) => (call.duration = duration)))], 1);
        await scrape();
        for (const [name, text] of await scrape()) {
          const bound = /^guardspan_model_call_duration_seconds_bucket.*le="(.*)"/.exec(name)?.[1];
          if (bound === undefined) continue;
          const limit = bound === '+Inf' ? Infinity : Number(bound);
          expect(value(text)).toBe([0.2, ...durations].filter((duration) => duration <= limit).length);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('take no number that is none', async () => {
    const { models, scrape } = account();
    models.count(
      [NaN, -1, Infinity].map((bad) =>
        recorded((call) =>
          Object.assign(call, {
            duration: bad,
            usage: { inputTokens: bad, outputTokens: bad, totalTokens: bad, cost: bad },
          }),
        ),
      ),
      1,
    );
    await scrape();
    const shown = await scrape();
    expect(value(shown.get(`guardspan_model_call_duration_seconds_count{${OF}}`))).toBe(0);
    expect(value(shown.get(`guardspan_model_cost_total{${OF}}`))).toBe(0);
    expect(value(shown.get(`guardspan_model_calls_total{${OF},outcome="answered"}`))).toBe(3);
  });
});
