import { createModelCall } from '@guardspan/policy';
import type { RecordedCall } from '@guardspan/policy';
import { expect, it } from 'vitest';
import { Metrics } from '../../src/metrics/metrics.js';
import { RerouteAccount } from '../../src/metrics/reroute-account.js';
import { windowed } from '../channel/support/guardrail.js';

function rerouted(to: string, error = ''): RecordedCall {
  const call = createModelCall();
  call.decision.rerouteTo = to;
  call.error.type = error;
  const id = { traceId: 'a'.repeat(32), spanId: '', callId: '' };
  return { call, id, source: 'feed', sampled: false, instance: 'i', incarnation: 'n' };
}

it('counts calls of targets that guard-rails name, by what came of them, from 0; other names are no label', async () => {
  const metrics = new Metrics();
  const account = new RerouteAccount(metrics);
  account.published([windowed('slow')]);
  const lines = async (): Promise<string[]> =>
    (await metrics.scrape()).text.split('\n').filter((line) => line.startsWith('guardspan_reroutes_total'));
  expect(await lines()).toEqual([
    'guardspan_reroutes_total{target="previous",outcome="answered"} 0',
    'guardspan_reroutes_total{target="previous",outcome="failed"} 0',
  ]);
  account.count([rerouted('previous'), rerouted('previous', 'ECONNREFUSED'), rerouted('made-up', 'x'), rerouted('')]);
  expect((await lines()).map((line) => line.split(' #')[0])).toEqual([
    'guardspan_reroutes_total{target="previous",outcome="answered"} 1',
    'guardspan_reroutes_total{target="previous",outcome="failed"} 1',
  ]);
});
