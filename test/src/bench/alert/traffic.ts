import { setTimeout as sleep } from 'node:timers/promises';
import { callIds, feedRequest } from '../process/feed-request.js';

/** Names of guard-rails: `<prefix>00` and so on. */
export function guardrailNames(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(2, '0')}`);
}

/** One guard-rail for each name, about the model of that name; each has an owner of its own, so that no budget folds its alert. */
export function alertDocuments(names: readonly string[]): string {
  const one = (name: string): string => `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: ${name}, labels: {owner: team-${name}, severity: critical}}
spec:
  description: Few calls fail.
  match: {models: [${name}]}
  over: {window: 2s, every: 0s, groupBy: [model], minSamples: 5, signals: {failed: {ratio: "error.type != ''"}}}
  when: "failed > 0.5"
  action: {annotate: {attributes: {seen: failed}}}
  mode: warn
`;
  return names.map(one).join('---\n');
}

let calls = 0;

/** Reports calls of a model until the evaluator takes them: it may be down. */
export async function report(url: string, model: string, count: number, failed: boolean): Promise<void> {
  const startedAt = Date.now() / 1000;
  const body = feedRequest(
    'bench',
    Array.from({ length: count }, () => ({
      ...callIds(1, ++calls),
      ...{ model, tenant: '', startedAt, duration: 0.01, errorType: failed ? 'Timeout' : '' },
      ...{ inputTokens: 1, outputTokens: 1 },
    })),
  );
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(50)) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body }).catch(() => undefined);
    await response?.text().catch(() => '');
    if (response?.ok === true) return;
  }
  throw new Error(`${url} took no calls for a minute`);
}

/** Lets every call of a model fail for `hold` milliseconds, then lets all go well until the window forgot the others. */
export async function breach(url: string, model: string, hold: number): Promise<void> {
  const until = Date.now() + hold;
  await report(url, model, 10, true);
  while (Date.now() < until) {
    await sleep(500);
    await report(url, model, 5, true);
  }
  for (let round = 0; round < 6; round++) {
    await report(url, model, 20, false);
    await sleep(500);
  }
}
