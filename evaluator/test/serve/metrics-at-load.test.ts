import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvaluator, loadConfig } from '@guardspan/evaluator';
import type { Evaluator } from '@guardspan/evaluator';
import { DISPOSITIONS } from '@guardspan/policy';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UNENFORCED_REASONS } from '../../src/metrics/unenforced-account.js';
import { sendFeed } from '../channel/support/feed.js';

const DOCUMENTS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: promised}
spec:
  description: Few calls fail.
  match: {services: [shop]}
  over: {every: 1s, groupBy: [model], test: {rate: {of: "error.type != ''", max: 0.5}}, promise: {falseAlarms: 1, per: 90d}}
  action: {annotate: {attributes: {seen: failed}}}
  mode: warn
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: slow}
spec:
  description: Calls are quick.
  match: {services: [shop]}
  over: {window: 60s, every: 0s, groupBy: [model], minSamples: 10, signals: {mean: {mean: duration}}}
  when: "mean > 1.5"
  action: {reroute: {to: previous, percent: 100}}
  mode: enforce
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: no-strangers}
spec:
  description: Unknown tenants are refused.
  match: {services: [shop]}
  at: request
  when: tenant == 'stranger'
  action: {deny: {}}
  mode: enforce
`;

let folder: string;
let evaluator: Evaluator;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guardspan-load-'));
  await writeFile(join(folder, 'all.yaml'), DOCUMENTS);
  evaluator = await createEvaluator(
    loadConfig({
      flags: {
        ...{ listen: '127.0.0.1:0', grpcListen: 'off', store: 'memory', singleUser: true, logLevel: 'silent' },
        ...{ guardrails: folder, alertmanagers: 'http://127.0.0.1:1' },
      },
    }),
  );
});
afterEach(async () => {
  await evaluator.close();
  await rm(folder, { recursive: true });
});
const scrape = async (): Promise<string> => (await fetch(`${evaluator.url}/metrics`)).text();

it('shows every counter that an alert reads at 0 as soon as a guard-rail is in force, so that the first event is an increase', async () => {
  const text = await scrape();
  const actions = { promised: 'annotate', slow: 'reroute', 'no-strangers': 'deny' };
  for (const reason of UNENFORCED_REASONS)
    expect(text).toContain(`guardspan_denials_unenforced_total{guardrail="no-strangers",reason="${reason}"} 0\n`);
  for (const [guardrail, action] of Object.entries(actions)) {
    for (const disposition of DISPOSITIONS)
      expect(text).toContain(
        `guardspan_dispositions_total{guardrail="${guardrail}",disposition="${disposition}",action="${action}"} 0\n`,
      );
    expect(text).toContain(`guardspan_directives_total{guardrail="${guardrail}",action="${action}"} 0\n`);
  }
  for (const line of [
    'guardspan_reroutes_total{target="previous",outcome="failed"} 0',
    'guardspan_notifications_total{receiver="alertmanager",outcome="failed"} 0',
    'guardspan_ingest_rejected_total{reason="forbidden"} 0',
    'guardspan_audit_dropped_total 0',
    'guardspan_notifications_waiting{receiver="alertmanager"} 0',
  ])
    expect(text).toContain(`${line}\n`);
  expect(Number(/^guardspan_audit_age_seconds (\S+)$/m.exec(text)![1])).toBeLessThan(30);
});

it('shows the promise of guard-rails with a test, and of no other', async () => {
  await sendFeed(
    evaluator.url,
    'shop',
    Array.from({ length: 20 }, () => ({ model: 'risk' })),
  );
  const text = await scrape();
  expect(text).toContain('guardspan_guardrail_promise_kept{guardrail="promised"} 1\n');
  expect(text).not.toContain('guardspan_guardrail_promise_kept{guardrail="slow"}');
});

it('says that a promise is not kept while its condition fails', async () => {
  // Ten seconds late: these calls cannot be counted, and a promise is about every call.
  const startedAt = Date.now() / 1000;
  await sendFeed(evaluator.url, 'shop', [{ model: 'risk', startedAt: startedAt - 1 }]);
  for (let tries = 0; tries < 50; tries++) {
    const late = Array.from({ length: 30 }, () => ({ model: 'risk', startedAt: startedAt - 600 }));
    await sendFeed(evaluator.url, 'shop', [...late, { model: 'risk' }]);
    if ((await scrape()).includes('guardspan_guardrail_promise_kept{guardrail="promised"} 0\n')) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the promise is still called kept');
});
