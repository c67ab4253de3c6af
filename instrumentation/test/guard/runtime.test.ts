import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLOSE } from '@guardspan/policy/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deniedError } from '../../src/actions/errors.js';
import { getRuntime, startGuard, status, stopGuard } from '../../src/guard/runtime.js';
import { FakeEvaluator, snapshot } from './fake-evaluator.js';
import { callStart, directive, guardrails } from './fakes.js';

const ADULTS = guardrails(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: adults-only}
spec: {match: {models: [credit]}, at: request, when: features.age < 18, action: {deny: {}}, mode: enforce}
`);
const REROUTE = guardrails(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: slow-model}
spec:
  match: {models: [credit]}
  over: {window: 1m, every: 1s, minSamples: 10, signals: {p95: {quantile: 0.95, of: duration}}}
  when: p95 > 1.5
  action: {reroute: {to: previous, percent: 100}}
  mode: enforce
`);

const minor = (): string => {
  const call = getRuntime().begin(callStart({ features: { age: 5 } }));
  if (call.decision.end) call.failed(deniedError(call.decision.end));
  else call.end();
  return `${call.decision.action} ${call.decision.disposition}`;
};

describe('guard of a process', () => {
  let evaluator = new FakeEvaluator();
  let directory = '';

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'guardspan-test-'));
    evaluator = new FakeEvaluator();
    await evaluator.listen();
  });
  afterEach(async () => {
    await stopGuard();
    await evaluator.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = (changes: Parameters<typeof startGuard>[0] = {}): void =>
    startGuard({
      service: 'loans',
      endpoint: evaluator.url,
      otlpEndpoint: evaluator.url,
      snapshotDir: join(directory, 'snapshot'),
      token: 'secret-token',
      ...changes,
    });

  it('is a noop until it is started, and remembers what was declared to it', async () => {
    getRuntime().declareSite({
      client: 'function',
      version: '',
      model: 'credit',
      modelVersion: '3.1',
      capabilities: [{ at: 'request', actions: ['deny'], streamed: false }],
    });
    expect(minor()).toBe('allow not_evaluated');
    expect(status().running).toBe(false);
    start();
    await evaluator.until(() => evaluator.of('hello').length > 0);
    expect(evaluator.of('hello')[0]).toMatchObject({
      resource: { service: 'loans' },
      callSites: [{ client: 'function', model: 'credit', version: '3.1' }],
      capabilities: [{ client: 'function', at: 'request', actions: ['deny'] }],
    });
    expect(evaluator.authorizations[0]).toBe('Bearer secret-token');
  });

  it('loads a set, enforces it on the next call, and reports call, decision and totals', async () => {
    evaluator.state = snapshot(ADULTS);
    start();
    await evaluator.until(() => evaluator.of('ack').length > 0);
    expect(evaluator.of('ack')[0]!.revision).toBe(evaluator.state.revision);
    expect(minor()).toBe('deny enforced');
    await evaluator.until(() => evaluator.spans.length > 0 && evaluator.of('decisions').length > 0);
    await evaluator.until(() => evaluator.of('report').length > 0);
    const decision = evaluator.of('decisions')[0]!.records[0]!;
    expect(decision.spanId).toBe(evaluator.spans[0]!.spanId);
    expect(decision.verdicts[0]).toMatchObject({ guardrail: 'adults-only', disposition: 'enforced' });
    expect(evaluator.of('report').at(-1)!.cells[0]).toMatchObject({ model: 'credit', started: 1, denied: 1 });
    expect(status().decisions.waiting).toBe(1);
    evaluator.send({ type: 'decided', seq: 1 });
    evaluator.send({ type: 'ping', nonce: 4 });
    await evaluator.until(() => evaluator.of('pong').length > 0);
    expect(status().decisions.waiting).toBe(0);
  });

  it('refuses what its configuration forbids, by name', async () => {
    evaluator.state = snapshot(ADULTS);
    start({ allow: ['annotate'] });
    await evaluator.until(() => evaluator.of('nack').length > 0);
    expect(evaluator.of('nack')[0]!.errors).toMatchObject([{ guardrail: 'adults-only', code: 'FORBIDDEN_HERE' }]);
    expect(minor()).toBe('allow allow_failopen');
  });

  it('takes back a refusal when the missing target is declared', async () => {
    evaluator.state = snapshot(REROUTE);
    getRuntime().declareSite({
      client: 'function',
      version: '',
      model: 'credit',
      modelVersion: '3.1',
      capabilities: [{ at: 'request', actions: ['reroute'], streamed: false }],
    });
    start();
    await evaluator.until(() => evaluator.of('nack').length > 0);
    expect(evaluator.of('nack')[0]!.errors).toMatchObject([{ guardrail: 'slow-model', code: 'UNKNOWN_TARGET' }]);
    getRuntime().declareTarget({ name: 'previous' });
    await evaluator.until(() => evaluator.of('ack').length > 0);
    expect(evaluator.of('sites').at(-1)!.targets).toContainEqual({ name: 'previous' });
  });

  it('neither announces nor uses a target that does not answer its check, and says so', async () => {
    evaluator.state = snapshot(REROUTE);
    let up = false;
    const site = { client: 'function', version: '', model: 'credit', modelVersion: '3.1' };
    getRuntime().declareSite({ ...site, capabilities: [{ at: 'request', actions: ['reroute'], streamed: false }] });
    start({ targets: [{ name: 'previous', check: () => up }, { name: 'always' }] });
    await evaluator.until(() => evaluator.of('nack').length > 0);
    expect(evaluator.of('hello')[0]!.targets).toEqual([{ name: 'always' }]);
    expect(evaluator.of('nack')[0]!.errors).toMatchObject([{ guardrail: 'slow-model', code: 'TARGET_DOWN' }]);
    up = true;
    // Asked anew at once, because it is another target.
    getRuntime().declareTarget({ name: 'previous', check: () => Promise.resolve() });
    await evaluator.until(() => evaluator.of('ack').length > 0);
    expect(evaluator.of('sites').at(-1)!.targets).toContainEqual({ name: 'previous' });
  });

  it('follows directives, renewals, releases and kill switches', async () => {
    start();
    await evaluator.until(() => evaluator.of('applied').length > 0);
    evaluator.send({ type: 'directive', epoch: 1, directiveSeq: 1, directives: [directive('d1')] });
    await evaluator.until(() => evaluator.of('applied').some(({ directives }) => directives.includes('d1')));
    expect(minor()).toBe('shutdown enforced');
    const nobody = { guardrail: '', model: '', service: '' };
    evaluator.send({ type: 'kill', kill: [{ id: 'k', scope: nobody, reason: 'r', by: 'b', expiresIn: 0 }] });
    evaluator.send({ type: 'ping', nonce: 1 });
    await evaluator.until(() => evaluator.of('pong').length === 1);
    expect(minor()).toBe('allow allow_failopen');
    evaluator.send({ type: 'kill', kill: [] });
    evaluator.send({ type: 'release', epoch: 1, directiveSeq: 2, ids: ['d1'], reason: 'recovered' });
    await evaluator.until(() => evaluator.of('applied').some(({ released }) => released.includes('d1')));
    expect(minor()).not.toContain('shutdown');
    expect(status().directives).toEqual([]);
  });

  it('applies a delta, and asks for the whole state when it does not fit', async () => {
    evaluator.state = snapshot([]);
    start();
    await evaluator.until(() => evaluator.of('ack').length > 0);
    const { revision } = snapshot(ADULTS);
    const delta = { type: 'delta' as const, upsert: ADULTS, remove: [], limits: [], revision };
    evaluator.send({ ...delta, from: evaluator.state.revision });
    await evaluator.until(() => evaluator.of('ack').some((ack) => ack.revision === revision));
    expect(minor()).toBe('deny enforced');
    evaluator.send({ ...delta, from: 'something else' });
    await evaluator.until(() => evaluator.of('hello').length === 2);
    expect(evaluator.of('hello')[1]!.have.revision).toBe('');
  });

  it('survives a restart of the evaluator: enforces on, reconnects, and loses no call', async () => {
    evaluator.state = snapshot(ADULTS);
    start();
    await evaluator.until(() => evaluator.of('ack').length > 0);
    const { port } = evaluator;
    await evaluator.close();
    for (let i = 0; i < 20; i++) minor();
    expect(minor()).toBe('deny enforced');
    const back = new FakeEvaluator();
    back.port = port;
    back.state = snapshot(ADULTS);
    await back.listen();
    await back.until(() => new Set(back.spans.map(({ spanId }) => spanId)).size === 21);
    await back.until(() => (back.of('decisions').at(-1)?.seq ?? 0) === 21);
    expect(back.of('decisions')[0]!.dropped).toBe(0);
    expect(status().feed.dropped).toBe(0);
    await stopGuard();
    await back.close();
  });

  it('decides with the guard-rails of its last run when no evaluator is there, and says that they are stale', async () => {
    evaluator.state = snapshot(ADULTS, { directives: [directive('d1', { scope: { model: 'other' } })] });
    start();
    await evaluator.until(() => evaluator.of('ack').length > 0);
    await stopGuard();
    await evaluator.close();
    start();
    expect(status()).toMatchObject({ freshness: 'stale', guardrails: 1, directives: [] });
    expect(minor()).toBe('deny enforced_stale');
  });

  it('is not stopped by a wrong token, and does not hammer', async () => {
    evaluator.rejectWith = 401;
    start();
    await vi.waitFor(() => expect(status()).toMatchObject({ connection: 'refused', freshness: 'none' }));
    expect(evaluator.authorizations).toHaveLength(1);
    expect(minor()).toBe('allow not_evaluated');
    expect(JSON.stringify(status())).not.toContain('secret-token');
  });

  it('asks slowly again when the service is not its own', async () => {
    start();
    await evaluator.until(() => evaluator.of('ack').length > 0);
    await evaluator.close(CLOSE.FORBIDDEN);
    await evaluator.until(() => status().connection !== 'open');
    expect(status().connection).toBe('refused');
  });

  it('stops enforcing within a second of the kill file, and resumes when it is gone', async () => {
    const killFile = join(directory, 'kill');
    evaluator.state = snapshot(ADULTS);
    start({ killFile });
    await evaluator.until(() => evaluator.of('ack').length > 0);
    expect(minor()).toBe('deny enforced');
    writeFileSync(killFile, '');
    await vi.waitFor(() => expect(minor()).toBe('allow allow_failopen'), { timeout: 1000 });
    rmSync(killFile);
    await vi.waitFor(() => expect(minor()).toBe('deny enforced'), { timeout: 1000 });
  });

  it('counts what the feed refuses for good', async () => {
    evaluator.feedStatus = 400;
    start();
    minor();
    await evaluator.until(() => status().feed.dropped === 1);
    expect(status().feed.queued).toBe(0);
  });

  it('runs without any evaluator', () => {
    startGuard({ service: 'alone', otlpEndpoint: 'http://127.0.0.1:9', snapshotDir: 'off' });
    expect(minor()).toBe('allow not_evaluated');
    expect(status()).toMatchObject({ running: true, connection: 'none', freshness: 'none' });
  });

  it('does not start for a configuration that is none, and does not throw', () => {
    startGuard({ endpoint: 'not a url', otlpEndpoint: evaluator.url, snapshotDir: 'off' });
    expect(minor()).toBe('allow not_evaluated');
  });

  it('says and hears by pull what it does over a websocket', async () => {
    evaluator.pullStatus = 200;
    evaluator.state = snapshot(ADULTS);
    start({ channel: 'pull' });
    await evaluator.until(() => evaluator.of('ack').length > 0);
    expect(status()).toMatchObject({ connection: 'open', channel: 'pull', freshness: 'live', guardrails: 1 });
    expect(evaluator.pulls.every(([first]) => first?.type === 'hello')).toBe(true);
    expect(minor()).toBe('deny enforced');
    await evaluator.until(() => evaluator.of('decisions').length > 0 && evaluator.of('report').length > 0);
    expect(evaluator.of('decisions')[0]).toMatchObject({ seq: 1, records: [{ action: 'deny' }] });
    expect(evaluator.of('report').at(-1)!.cells[0]).toMatchObject({ started: 1, denied: 1 });
    // Not confirmed, so said again; confirmed, and it is forgotten.
    await evaluator.until(() => evaluator.of('decisions').length > 1);
    evaluator.pullMessages.push({ type: 'decided', seq: 1 });
    await vi.waitFor(() => expect(status().decisions.waiting).toBe(0), { timeout: 5000 });
    expect(evaluator.connections).toBe(0);
  });

  it('changes to pull when the network lets no websocket through, and only then', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    evaluator.rejectWith = 400;
    evaluator.state = snapshot(ADULTS);
    start();
    // Plain HTTP does not work either: the websocket is asked for on.
    await evaluator.until(() => evaluator.authorizations.length >= 5);
    expect(status().channel).toBe('websocket');
    evaluator.pullStatus = 200;
    await evaluator.until(() => evaluator.of('ack').length > 0);
    expect(status()).toMatchObject({ connection: 'open', channel: 'pull', freshness: 'live' });
    expect(minor()).toBe('deny enforced');
    vi.restoreAllMocks();
  });

  it('does not take a refusal, or an evaluator that is away, for a network without websockets', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    evaluator.pullStatus = 200;
    evaluator.rejectWith = 429;
    start();
    await evaluator.until(() => evaluator.authorizations.length >= 5);
    await evaluator.close();
    evaluator.rejectWith = 0;
    await evaluator.listen();
    await evaluator.until(() => evaluator.connections > 0);
    expect(evaluator.pulls).toEqual([]);
    expect(status().channel).toBe('websocket');
    vi.restoreAllMocks();
  });
});
