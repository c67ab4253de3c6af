import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEvaluator, loadConfig } from '@guardspan/evaluator';
import type { Evaluator } from '@guardspan/evaluator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { z } from 'zod';
import { sendFeed } from '../../evaluator/test/channel/support/feed.js';
import { freePort, Receiver, startAlertmanager } from './processes.js';
import type { Received } from './processes.js';
import { ALERTMANAGER, inRepository, readRepository, runTool } from './support.js';
import * as schemas from './vendor-schemas.js';

const EXAMPLES = readdirSync(inRepository('alert-rules/alertmanager/examples')).map((file) => basename(file, '.yml'));
const ROUTING_KEY = 'a'.repeat(32);

/** For each example what its vendor is sent: on which path, in which form, and what opens and ends one incident. */
const VENDORS: Record<
  string,
  { opens: RegExp; ends: RegExp; opening: z.ZodType; ending: z.ZodType; isOpening: (body: never) => boolean }
> = {
  pagerduty: {
    ...{ opens: /^\/v2\/enqueue$/, ends: /^\/v2\/enqueue$/ },
    ...{ opening: schemas.pagerdutyEvent, ending: schemas.pagerdutyEvent },
    isOpening: ({ event_action: action }: { event_action: string }) => action === 'trigger',
  },
  opsgenie: {
    ...{ opens: /^\/v2\/alerts$/, ends: /^\/v2\/alerts\/[0-9a-f]{64}\/close\?identifierType=alias$/ },
    ...{ opening: schemas.opsgenieAlert, ending: schemas.opsgenieClose },
    isOpening: (body: object) => 'message' in body,
  },
  slack: {
    ...{ opens: /^\/slack$/, ends: /^\/slack$/, opening: schemas.slackMessage, ending: schemas.slackMessage },
    isOpening: ({ attachments }: { attachments: { title: string }[] }) => attachments[0]!.title.startsWith('[FIRING'),
  },
  teams: {
    ...{ opens: /^\/teams$/, ends: /^\/teams$/, opening: schemas.teamsMessage, ending: schemas.teamsMessage },
    isOpening: (body: object) => JSON.stringify(body).includes('[FIRING'),
  },
  'grafana-irm': {
    ...{ opens: /^\/grafana-irm\/$/, ends: /^\/grafana-irm\/$/ },
    ...{ opening: schemas.grafanaIrm, ending: schemas.grafanaIrm },
    isOpening: ({ status }: { status: string }) => status === 'firing',
  },
  webhook: {
    ...{ opens: /^\/webhook$/, ends: /^\/webhook$/, opening: schemas.webhookV4, ending: schemas.webhookV4 },
    isOpening: ({ status }: { status: string }) => status === 'firing',
  },
};

const ERRORS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors, labels: {severity: critical, owner: credit}}
spec:
  description: Few calls fail.
  match: {services: [shop], models: [risk]}
  over: {window: 2s, every: 0s, groupBy: [model], minSamples: 10, signals: {failed: {ratio: "error.type != ''"}}}
  when: "failed > 0.5"
  action: {annotate: {attributes: {seen: failed}}}
  mode: warn
`;

it('there is an example for each vendor', () => {
  expect(EXAMPLES.sort()).toEqual(Object.keys(VENDORS).sort());
});

describe.skipIf(ALERTMANAGER === undefined)('an example of Alertmanager for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-vendors-'));
  let receiver: Receiver;
  let evaluator: Evaluator;
  let alertmanager: ChildProcess;

  /** Every example in one configuration: one breach tells all vendors. Files with secrets are those of the test, and so are the vendors. */
  function configuration(): string {
    const parts = EXAMPLES.map(
      (name) => parse(readRepository(`alert-rules/alertmanager/examples/${name}.yml`)) as Part,
    );
    const routes = parts.map(({ route }) => ({ ...route, continue: true }));
    const quick = { group_wait: '0s', group_interval: '1s' };
    return stringify({
      global: { pagerduty_url: `${receiver.url}/v2/enqueue`, opsgenie_api_url: `${receiver.url}/` },
      templates: [inRepository('alert-rules/alertmanager/guardspan.tmpl')],
      route: { receiver: EXAMPLES[0], routes: routes.map((route) => ({ ...route, ...quick })) },
      receivers: parts.flatMap(({ receivers }) => receivers),
    }).replaceAll('/etc/alertmanager/', `${folder}/`);
  }

  beforeAll(async () => {
    mkdirSync(join(folder, 'guardrails'));
    writeFileSync(join(folder, 'guardrails', 'errors.yaml'), ERRORS);
    receiver = await Receiver.start(({ path }) =>
      path.startsWith('/v2/') ? { status: 202 } : { status: 200, text: path === '/slack' ? 'ok' : '' },
    );
    for (const name of ['slack', 'teams', 'grafana-irm', 'webhook'])
      writeFileSync(join(folder, `${name}-url`), `${receiver.url}/${name}${name === 'grafana-irm' ? '/' : ''}`);
    writeFileSync(join(folder, 'pagerduty-routing-key'), ROUTING_KEY);
    writeFileSync(join(folder, 'opsgenie-api-key'), 'key');
    const port = await freePort();
    writeFileSync(join(folder, 'am.yml'), configuration());
    alertmanager = await startAlertmanager({ config: join(folder, 'am.yml'), folder: join(folder, 'am'), port });
    evaluator = await createEvaluator(
      loadConfig({
        flags: {
          ...{ listen: '127.0.0.1:0', grpcListen: 'off', store: 'memory', singleUser: true, logLevel: 'silent' },
          ...{ guardrails: join(folder, 'guardrails'), alertmanagers: `http://127.0.0.1:${port}`, alertHold: '1s' },
          ...{ publicUrl: 'https://evaluator.example', traceUrl: 'https://tempo.example/{trace}' },
        },
      }),
    );
    const calls = (error?: string): Promise<number> =>
      sendFeed(
        evaluator.url,
        'shop',
        Array.from({ length: 30 }, () => ({ model: 'risk', ...(error === undefined ? {} : { error }) })),
      );
    await calls('Timeout');
    await Promise.all(Object.keys(VENDORS).map((name) => receiver.first((one) => opens(name, one))));
    await sleep(2200);
    await calls();
    await Promise.all(Object.keys(VENDORS).map((name) => receiver.first((one) => ends(name, one))));
  });
  afterAll(async () => {
    alertmanager?.kill('SIGKILL');
    await evaluator?.close();
    receiver?.close();
    await sleep(100);
    rmSync(folder, { recursive: true, force: true });
  });

  const opens = (name: string, { path, body }: Received): boolean =>
    VENDORS[name]!.opens.test(path) && VENDORS[name]!.isOpening(body as never);
  const ends = (name: string, { path, body }: Received): boolean =>
    VENDORS[name]!.ends.test(path) && !VENDORS[name]!.isOpening(body as never);

  it.each(Object.keys(VENDORS))('%s is accepted by amtool', (name) => {
    const { code, output } = runTool(
      'amtool',
      'check-config',
      inRepository(`alert-rules/alertmanager/examples/${name}.yml`),
    );
    expect(code, output).toBe(0);
  });

  it.each(Object.entries(VENDORS))(
    '%s opens and ends one incident in the form that its reference documents',
    (name, vendor) => {
      const opening = receiver.received.filter((one) => opens(name, one));
      const ending = receiver.received.filter((one) => ends(name, one));
      expect([opening.length, ending.length]).toEqual([1, 1]);
      vendor.opening.parse(opening[0]!.body);
      vendor.ending.parse(ending[0]!.body);
      const text = JSON.stringify(opening[0]!.body);
      expect(text).toContain('The guard-rail errors is violated.');
      expect(text).toContain('GuardspanGuardrailFiring.md');
      expect(text).toContain('https://tempo.example/');
      expect(text).toContain('/api/v1/kill');
      expect(Buffer.byteLength(text)).toBeLessThan(28_000);
    },
  );

  it('PagerDuty and Opsgenie take the hash of the key of the group for the incident, at its beginning and at its end', () => {
    const body = (name: string, of: typeof opens): Record<string, string> =>
      receiver.received.find((one) => of(name, one))!.body as Record<string, string>;
    const { dedup_key: key } = body('pagerduty', opens);
    expect(body('pagerduty', ends)['dedup_key']).toBe(key);
    const close = receiver.received.find((one) => ends('opsgenie', one))!.path;
    expect(close).toContain(body('opsgenie', opens)['alias']);
    expect(body('pagerduty', opens)['routing_key']).toBe(ROUTING_KEY);
    const { groupKey } = body('webhook', opens);
    expect(groupKey).toContain('{alertname="GuardspanGuardrailFiring", guardrail="errors"}');
    expect(key).toBe(createHash('sha256').update(groupKey!).digest('hex'));
  });
});

interface Part {
  route: { receiver: string; group_by: string[] };
  receivers: { name: string }[];
}
