import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEvaluator, loadConfig } from '@guardspan/evaluator';
import type { Evaluator } from '@guardspan/evaluator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardspan } from '../../cli/test/support/run-cli.js';
import { freePort, Receiver, startAlertmanager } from './processes.js';
import { ALERTMANAGER } from './support.js';

const STARTER = new URL('../../cli/starters/drill/guardspan-drill.yaml', import.meta.url);

interface Step {
  step: string;
  outcome: string;
  ms: number;
  detail: string;
}
interface Result {
  blocked: boolean;
  ok: boolean;
  steps: Step[];
  alerted: string[];
}
/** A notification as Alertmanager posts it to a webhook (version 4). */
interface Notification {
  status: string;
  alerts: { labels: Record<string, string>; annotations: Record<string, string> }[];
}

describe.skipIf(ALERTMANAGER === undefined)('guardspan drill with a real Alertmanager', () => {
  let folder: string;
  let receiver: Receiver;
  let alertmanager: string;
  let child: ChildProcess;
  let evaluator: Evaluator;

  const document = (mode: string): string => readFileSync(STARTER, 'utf8').replace('mode: dryrun', `mode: ${mode}`);
  const start = async (mode: string): Promise<void> => {
    writeFileSync(join(folder, 'guardrails', 'drill.yaml'), document(mode));
    evaluator = await createEvaluator(
      loadConfig({
        flags: {
          ...{ listen: '127.0.0.1:0', grpcListen: 'off', dataDir: join(folder, 'data'), singleUser: true },
          ...{
            guardrails: join(folder, 'guardrails'),
            logLevel: 'silent',
            alertmanagers: alertmanager,
            alertHold: '1s',
          },
        },
      }),
    );
  };
  const drill = async (...flags: string[]): Promise<{ code: number; result: Result }> => {
    const argv = ['drill', '--server', evaluator.url, '--alertmanager', alertmanager, '--json', ...flags];
    const { code, out } = await guardspan(argv);
    return { code, result: JSON.parse(out) as Result };
  };
  const get = async (path: string): Promise<string> => (await fetch(`${evaluator.url}${path}`)).text();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'guardspan-drill-'));
    mkdirSync(join(folder, 'guardrails'));
    receiver = await Receiver.start();
    const port = await freePort();
    alertmanager = `http://127.0.0.1:${port}`;
    writeFileSync(
      join(folder, 'am.yml'),
      `route: {receiver: pager, group_by: [alertname, guardrail], group_wait: 0s, group_interval: 1s}
receivers: [{name: pager, webhook_configs: [{url: '${receiver.url}/'}]}]
`,
    );
    child = await startAlertmanager({ config: join(folder, 'am.yml'), folder: join(folder, 'am'), port });
  });
  afterEach(async () => {
    child.kill('SIGKILL');
    await evaluator.close();
    receiver.close();
    await sleep(100);
    rmSync(folder, { recursive: true, force: true });
  });

  it('is blocked, reaches the pager marked as a drill, ends by good probes, and can be held again', async () => {
    await start('enforce');
    const { code, result } = await drill();
    expect(result.steps.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect([code, result.blocked, result.ok, result.alerted]).toEqual([0, true, true, []]);
    expect(result.steps.find(({ step }) => step === 'receivers')!.detail).toBe('routed to pager');
    const { body } = await receiver.first(() => true);
    const [alert] = (body as Notification).alerts;
    expect(alert!.labels).toMatchObject({ drill: 'true', guardrail: 'guardspan-drill', owner: 'platform' });
    expect(alert!.annotations['summary']).toMatch(/^DRILL: /);
    // Each trace of it carries the reserved name.
    const audit = (await get('/api/v1/audit/export')).trim().split('\n');
    const kinds = audit.map((line) => JSON.parse(line) as { kind: string; guardrail: string });
    for (const kind of ['verdict', 'directive', 'decision'])
      expect(kinds.filter((one) => one.kind === kind).map(({ guardrail }) => guardrail)).toContain('guardspan-drill');
    expect(await get('/metrics')).toMatch(/guardspan_guardrail_firing\{guardrail="guardspan-drill"/);
    await receiver.first((one) => (one.body as Notification).status === 'resolved');
    expect((await drill()).result.ok).toBe(true);
  });

  it('tells the pager itself when the guard-rail may not act', async () => {
    await start('warn');
    const { code, result } = await drill('--timeout', '2s');
    expect([code, result.blocked, result.alerted]).toEqual([1, false, [alertmanager]]);
    expect(result.steps[0]).toMatchObject({ step: 'guard-rail', outcome: 'failed' });
    const { body } = await receiver.first(() => true);
    expect((body as Notification).alerts[0]!.labels).toMatchObject({
      alertname: 'GuardspanDrillNotBlocked',
      drill: 'true',
      severity: 'critical',
    });
  });

  it('finds out that a kill switch lets calls through, and tells the pager', async () => {
    await start('enforce');
    const kill = { scope: { guardrail: '', model: '', service: '' }, reason: 'a test', expiresIn: 60 };
    const headers = { 'content-type': 'application/json' };
    await fetch(`${evaluator.url}/api/v1/kill`, { method: 'POST', headers, body: JSON.stringify(kill) });
    const { code, result } = await drill('--timeout', '3s');
    expect([code, result.blocked]).toEqual([1, false]);
    const failed = result.steps.find(({ outcome }) => outcome === 'failed')!;
    expect(failed.step).toMatch(/directive|blocked/);
    expect(result.alerted).toEqual([alertmanager]);
  });

  it('tells the pager when the evaluator does not answer, and ends with the code for that', async () => {
    await start('enforce');
    await evaluator.close();
    const { code, result } = await drill('--timeout', '1s');
    expect([code, result.blocked, result.alerted]).toEqual([3, false, [alertmanager]]);
  });

  it('ends a drill that was cut off before it begins', async () => {
    await start('enforce');
    const cutOff = await drill('--timeout', '1ms');
    expect(cutOff.result.ok).toBe(false);
    expect((await drill()).result.steps.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  });

  it('says what is missing where there is no guard-rail to violate', async () => {
    await start('off');
    rmSync(join(folder, 'guardrails', 'drill.yaml'));
    await fetch(`${evaluator.url}/api/v1/guardrails/guardspan-drill`, { method: 'DELETE' });
    const { code, out } = await guardspan(['drill', '--server', evaluator.url]);
    expect(code).toBe(1);
    expect(out).toContain('failed');
    expect(out).toContain('NOT blocked; no Alertmanager was told of it');
  });
});
