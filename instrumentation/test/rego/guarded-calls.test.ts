import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MessageHandler } from '../../src/channel/message-handler.js';
import type { FeedRecord } from '../../src/feed/feed-record.js';
import { withCallAttributes } from '../../src/guard/call-attributes.js';
import { systemClock } from '../../src/guard/clock.js';
import type { GuardCore } from '../../src/guard/guard-core.js';
import { guardModelOn } from '../../src/models/function/guard-model-on.js';
import { RegoEngines } from '../../src/rego/rego-engines.js';
import type { RegoConfig } from '../../src/rego/types.js';
import { guardrails, install, makeCore } from '../guard/fakes.js';
import { guardedOpenAI } from '../support/guarded-openai.js';
import { example, OPA, OpaFolder } from './opa.js';

const SOURCES = [example('residency.rego'), example('tenants.rego')];
const GUARDRAIL = (rego: string, more = 'onError: deny'): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: data-residency}
spec:
  at: request
  uses: {pii: {detector: pii, on: prompt.text}}
  rego: {engine: residency, path: guardspan/residency${rego}}
  action: {deny: {status: 451}}
  mode: enforce
  ${more}
`;

let core: GuardCore;
let fed: FeedRecord[];
let engines: RegoEngines;

function start(config: RegoConfig, text: string): void {
  engines = new RegoEngines(config, systemClock);
  ({ core, fed } = makeCore({ engines }));
  install(core, guardrails(text));
}
afterEach(() => engines.close());

/** Asks a synchronous model, as one tenant in one region. */
function ask(tenant: string, region: string, prompt: string): string {
  const model = guardModelOn(
    { runtime: () => core, declare: (site) => core.declareSite(site) },
    (text: string) => `heard ${text.length}`,
    { name: 'm', kind: 'llm', prompt: (text) => text },
  );
  return withCallAttributes({ tenant, attrs: { region } }, () => model(prompt));
}

describe.skipIf(OPA === null)('calls that a Rego policy decides about', () => {
  const folder = new OpaFolder();
  let bundle: string;
  let socket: string;
  beforeAll(async () => {
    bundle = await folder.bundle('guardspan/residency', SOURCES);
    socket = await folder.serve(SOURCES);
  }, 60_000);
  afterAll(() => folder.close());

  it('in the process: even a synchronous call is judged, by the policy and its data', () => {
    start({ residency: { bundle } }, GUARDRAIL(''));
    expect(ask('acme', 'eu', 'mail jane@example.com')).toBe('heard 21');
    expect(ask('acme', 'us', 'hello')).toBe('heard 5');
    expect(() => ask('acme', 'us', 'mail jane@example.com')).toThrowError(
      expect.objectContaining({ code: 'GUARDSPAN_DENIED', status: 451 }),
    );
    expect(core.decisions.take(10, 1 << 20)!.records[0]!.verdicts).toMatchObject([
      {
        ...{ code: 'rego', disposition: 'enforced', message: 'personal data of acme stays in eu' },
        trace: expect.arrayContaining([
          { expression: 'count(data.guardspan.residency.deny)', value: 1, evaluated: true },
        ]) as unknown,
      },
    ]);
    expect(engines.list()).toMatchObject([{ name: 'residency', kind: 'wasm', asked: 3, failed: 0 }]);
  });

  it('in the process: what the policy only warns of is recorded and goes on', () => {
    start({ residency: { bundle } }, GUARDRAIL(''));
    expect(ask('nobody', 'us', 'hello')).toBe('heard 5');
    expect(core.decisions.take(10, 1 << 20)!.records[0]!.verdicts).toMatchObject([
      { code: 'rego_warn', disposition: 'would_act', message: 'tenant nobody is unknown' },
    ]);
  });

  describe('by a server', () => {
    const openai = guardedOpenAI(() => ({ runtime: () => core, declare: (site) => core.declareSite(site) }));
    const chat = (region: string): Promise<unknown> =>
      withCallAttributes({ tenant: 'acme', attrs: { region } }, async () =>
        openai.client.chat.completions.create({
          model: 'stub',
          messages: [{ role: 'user', content: 'jane@example.com' }],
        }),
      );

    it('are asked about before anything is sent; the text stays here', async () => {
      start({ residency: { url: `unix://${socket}` } }, GUARDRAIL(', deadline: 5s'));
      await expect(chat('us')).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED', status: 451 });
      expect(openai.stub.received).toHaveLength(0);
      await chat('eu');
      expect(openai.stub.received).toHaveLength(1);
      expect(engines.list()).toMatchObject([{ kind: 'server', asked: 2, failed: 0 }]);
    });

    it.each([
      ['deny', 'deny_failclosed'],
      ['allow', 'allow_failopen'],
    ])('that cannot be asked: onError: %s decides', async (onError, disposition) => {
      start(
        { residency: { url: `unix://${folder.path}/nobody.sock` } },
        GUARDRAIL(', deadline: 1s', `onError: ${onError}`),
      );
      const outcome = await chat('us').then(
        () => 'sent',
        () => 'refused',
      );
      expect(outcome).toBe(onError === 'deny' ? 'refused' : 'sent');
      expect(core.decisions.take(10, 1 << 20)!.records[0]!.verdicts).toMatchObject([
        { outcome: 'not_evaluated', code: 'detector_error', disposition },
      ]);
      expect(fed[0]!.attributes['guardspan.disposition']).toBe(disposition);
    });
  });

  it('whose bundle cannot be loaded fail as the document says, with the reason in status and nack', () => {
    start({ residency: { bundle: `${folder.path}/missing.tar.gz` } }, GUARDRAIL(''));
    expect(() => ask('acme', 'eu', 'hello')).toThrowError(expect.objectContaining({ code: 'GUARDSPAN_DENIED' }));
    expect(engines.list()).toMatchObject([
      { kind: 'broken', error: expect.stringContaining('cannot be read') as string },
    ]);
    expect(errorsOf(GUARDRAIL(''))).toMatchObject([{ guardrail: 'data-residency', code: 'GUARDSPAN_REGO_BUNDLE' }]);
  });

  it('whose engine nobody declares, or is a server for a document without a deadline, are nacked with the reason', () => {
    start({}, GUARDRAIL(''));
    expect(errorsOf(GUARDRAIL(''))).toMatchObject([{ code: 'UNKNOWN_ENGINE' }]);
    engines.close();
    start({ residency: { url: `unix://${socket}` } }, GUARDRAIL(''));
    expect(errorsOf(GUARDRAIL(''))).toMatchObject([
      { code: 'UNKNOWN_ENGINE', message: expect.stringContaining('no deadline') as string },
    ]);
    expect(errorsOf(GUARDRAIL(', deadline: 50ms'))).toEqual([]);
  });

  function errorsOf(text: string): unknown[] {
    core.declareSite({ client: 'function', version: '', model: '*', modelVersion: '', capabilities: [] });
    const handler = new MessageHandler(core, ['deny'], () => undefined);
    handler.restore(guardrails(text));
    return handler.errors;
  }
});

describe('the configuration of an engine', () => {
  it.each(['ftp://x', 'nonsense', 'unix://'])('%s is no URL of a server', (url) => {
    engines = new RegoEngines({ bad: { url } }, systemClock);
    expect(engines.list()).toMatchObject([{ kind: 'broken', error: expect.stringContaining('unix:') as string }]);
    expect(engines.names()).toEqual([]);
  });
});
