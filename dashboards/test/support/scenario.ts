import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEvaluator, loadConfig } from '@guardspan/evaluator';
import { helloOf, TestAgent } from '../../../evaluator/test/channel/support/agent.js';
import { serveAppMetrics } from './app-metrics.js';
import { EDITED, GUARDRAILS } from './guardrails.js';
import { TestPrometheus } from './prometheus.js';
import { sendCalls } from './send-calls.js';
import type { ScenarioCall } from './send-calls.js';

/** A Prometheus that holds what an evaluator exported while a model was fine, failed, and was replaced. */
export interface Recorded {
  prometheus: TestPrometheus;
  /** Of the scenario, seconds from epoch. */
  start: number;
  end: number;
}

const SECONDS = { fine: 5, failing: 8 };
const CALLS = 20;

/** Runs the scenario: a real evaluator, a process on its channel, its guard feed, and a Prometheus that scrapes. */
export async function recordScenario(): Promise<Recorded> {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-scenario-'));
  mkdirSync(join(folder, 'guardrails'));
  writeFileSync(join(folder, 'guardrails', 'all.yaml'), GUARDRAILS);
  writeFileSync(join(folder, 'guardrails', 'edited.yaml'), EDITED);
  // Takes every alert, as an Alertmanager does.
  const receiver = createServer((request, response) => request.resume().once('end', () => response.end('{}')));
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const evaluator = await createEvaluator(
    loadConfig({
      flags: {
        ...{ listen: '127.0.0.1:0', grpcListen: 'off', store: 'memory', singleUser: true, logLevel: 'silent' },
        guardrails: join(folder, 'guardrails'),
        // Two guard-rails of one owner are violated: one alert is folded.
        ...{ alertmanagers: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`, alertBudget: '1' },
      },
    }),
  );
  const app = await serveAppMetrics();
  const jobs = { 'guardspan-evaluator': new URL(evaluator.url).host, assistant: app.address };
  const prometheus = await TestPrometheus.start(jobs);
  const start = Date.now() / 1000;
  const agent = new TestAgent(
    evaluator.url,
    helloOf('assistant', {
      resource: { service: 'assistant', serviceVersion: '1', environment: 'production', host: 'h', pid: 1 },
      callSites: [{ client: 'function', model: 'large', version: '1' }],
    }),
  );
  try {
    await agent.until(() => agent.of('snapshot').length > 0);
    await breakGlass(evaluator.url);
    for (let second = 0; second < SECONDS.fine + SECONDS.failing; second++) {
      const failing = second >= SECONDS.fine;
      await sendCalls(evaluator.url, callsOf(failing, agent.of('directive').length > 0));
      report(agent, second + 1, CALLS * (second + 1));
      await decide(evaluator.url);
      for (let call = 0; call < CALLS; call++) app.decided(call === 0 ? 0.1 : 0.0001 * call);
      await sleep(1000);
    }
    return { prometheus, start, end: Date.now() / 1000 };
  } catch (error) {
    await prometheus.stop();
    throw error;
  } finally {
    await agent.close();
    await evaluator.close();
    app.close();
    receiver.closeAllConnections();
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function callsOf(failing: boolean, rerouted: boolean): ScenarioCall[] {
  return Array.from({ length: CALLS }, (_, index): ScenarioCall => {
    const redacted = index % 4 === 0;
    if (rerouted && index % 5 !== 0 && !redacted)
      return {
        ...{ model: 'previous', failed: false, guardrails: ['failing'], action: 'reroute', disposition: 'enforced' },
        duration: 0.02,
      };
    return {
      model: index % 5 === 0 ? 'small' : 'large',
      failed: failing && index % 10 !== 1,
      guardrails: redacted ? ['no-pii'] : [],
      action: redacted ? 'redact' : 'allow',
      disposition: redacted ? 'enforced' : 'allow',
      duration: 0.01 * (index + 1),
    };
  });
}

/** What the process says of itself each second: absolute totals. */
function report(agent: TestAgent, seq: number, calls: number): void {
  const disposition = (name: 'enforced' | 'allow_failopen', count: number): object => ({
    ...{ guardrail: 'no-pii', disposition: name, action: 'redact', count },
  });
  agent.send({
    type: 'report',
    seq,
    clock: Date.now() / 1000,
    cells: [
      {
        ...{ model: 'large', version: '1', bucket: 0, started: calls, denied: 0, finished: calls, finishedWithin: {} },
        guarded: calls,
        unguarded: { raw_http: seq },
      },
    ],
    gaps: [{ reason: 'raw_http', name: 'api.example', count: seq }],
    feedDropped: 0,
    dispositions: [disposition('enforced', calls / 4), disposition('allow_failopen', seq)] as never,
  });
}

/** A gateway asks about one call. */
async function decide(url: string): Promise<void> {
  const call = { service: 'gateway', model: { name: 'large' } };
  const response = await fetch(`${url}/api/v1/decide`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ at: 'request', call, texts: [{ path: 'prompt', role: 'user', text: 'hello' }] }),
  });
  if (response.status !== 200) throw new Error(`decide answered ${response.status}: ${await response.text()}`);
}

/** Somebody changes a document that git owns, for an hour. */
async function breakGlass(url: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/guardrails/edited?breakGlass=3600&why=the%20scenario`, {
    method: 'PUT',
    headers: { 'content-type': 'application/yaml', 'if-match': '*' },
    body: EDITED.replace('mode: dryrun', 'mode: warn'),
  });
  if (response.status !== 200) throw new Error(`the edit answered ${response.status}: ${await response.text()}`);
}
