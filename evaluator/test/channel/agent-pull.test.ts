import { REPORT_BUCKET } from '@guardspan/policy';
import type { ClientMessage, HelloMessage, ServerMessage } from '@guardspan/policy';
import { createEvaluator, loadConfig } from '@guardspan/evaluator';
import type { Evaluator } from '@guardspan/evaluator';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { helloOf } from './support/agent.js';

const ADULTS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: adults-only}
spec: {match: {models: [risk]}, at: request, when: features.age < 18, action: {deny: {}}, mode: enforce}
`;

describe('pull in both directions', () => {
  let evaluator: Evaluator;
  let directory: string;
  let hello: HelloMessage;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'guardspan-pull-'));
    await writeFile(join(directory, 'adults.yaml'), ADULTS);
    evaluator = await createEvaluator(
      loadConfig({
        flags: {
          listen: '127.0.0.1:0',
          grpcListen: 'off',
          store: 'memory',
          guardrails: directory,
          singleUser: true,
          logLevel: 'silent',
        },
      }),
    );
    hello = helloOf('shop');
  });
  afterEach(async () => {
    await evaluator.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function exchange(
    messages: ClientMessage[] = [],
    since = '',
  ): Promise<{ cursor: string; messages: ServerMessage[] }> {
    const response = await fetch(`${evaluator.url}/api/v1/agent/sync?since=${since}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [hello, ...messages] }),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as { cursor: string; messages: ServerMessage[] };
  }
  const get = async (path: string): Promise<never> => (await fetch(`${evaluator.url}/api/v1/${path}`)).json() as never;
  const types = (messages: ServerMessage[]): string[] => messages.map(({ type }) => type);

  it('greets a process once, and again after it was away', async () => {
    const first = await exchange();
    expect(types(first.messages)).toEqual(['welcome', 'snapshot', 'ping']);
    const second = await exchange([], first.cursor);
    expect(types(second.messages)).toEqual(['ping']);
    hello = { ...hello, incarnation: 'another-start' };
    expect(types((await exchange([], first.cursor)).messages)).toEqual(['welcome', 'snapshot', 'ping']);
  });

  it('shows what the process is, holds and cannot do', async () => {
    const { cursor, messages } = await exchange();
    const { revision } = messages.find((message) => message.type === 'snapshot')!;
    const nonce = messages.find((message) => message.type === 'ping')!.nonce;
    await exchange(
      [
        { type: 'nack', revision, errors: [{ guardrail: 'adults-only', revision: 'r', code: 'C', message: 'm' }] },
        { type: 'applied', directives: ['unknown'], released: [] },
        { type: 'pong', nonce, clock: nonce / 1000 + 5 },
      ],
      cursor,
    );
    const fleet: { items: Record<string, unknown>[] } = await get('fleet');
    expect(fleet.items).toHaveLength(1);
    expect(fleet.items[0]).toMatchObject({
      transport: 'sync',
      instance: hello.instance,
      host: 'h',
      pid: 1,
      revision,
      current: true,
      errors: [{ code: 'C' }],
      targets: ['previous'],
      clockOffset: 5,
    });
    await exchange([{ type: 'ack', revision }], cursor);
    const after: typeof fleet = await get('fleet');
    expect(after.items[0]!['errors']).toEqual([]);
    // The set arrived when it was refused; to acknowledge it once more changes nothing of that.
    expect(after.items[0]!['acknowledgedAt']).toBe(fleet.items[0]!['acknowledgedAt']);
    expect(after.items[0]!['acknowledgedAt']).toBeGreaterThan(0);
  });

  it('takes totals and call sites', async () => {
    hello = { ...hello, targets: [{ name: 'previous' }, { name: 'small' }] };
    const cell = {
      ...{ model: 'risk', version: '1', bucket: Math.floor(Date.now() / 1000 / REPORT_BUCKET) * REPORT_BUCKET },
      ...{ started: 3, denied: 0, finished: 3, finishedWithin: {}, guarded: 2, unguarded: { raw_http: 1 } },
    };
    const report: ClientMessage = {
      ...{ type: 'report', seq: 1, clock: Date.now() / 1000, cells: [cell], feedDropped: 0, dispositions: [] },
      gaps: [{ reason: 'raw_http', name: 'api.example', count: 1 }],
    };
    const { cursor } = await exchange([report]);
    // A repeated report changes nothing: totals are absolute.
    await exchange([report], cursor);
    expect(await get('coverage')).toMatchObject({ guarded: 2, unguarded: 1, gaps: [{ name: 'api.example' }] });
    hello = { ...hello, targets: [] };
    await exchange([], cursor);
    const fleet: { items: Record<string, unknown>[] } = await get('fleet');
    expect(fleet.items[0]!['targets']).toEqual([]);
  });

  it('confirms decisions once they are on record, and records repeated ones once', async () => {
    const decisions: ClientMessage = {
      type: 'decisions',
      seq: 1,
      dropped: 0,
      records: [
        {
          ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), callId: '', at: Date.now() / 1000, model: 'risk' },
          ...{ modelVersion: '1', action: 'deny', disposition: 'enforced', verdicts: [], directive: '' },
          ...{ rerouteTo: '', redactions: 0 },
        },
      ],
    };
    const { messages } = await exchange([decisions]);
    expect(messages).toContainEqual({ type: 'decided', seq: 1 });
    expect((await exchange([decisions])).messages).toContainEqual({ type: 'decided', seq: 1 });
    const audit: { items: { kind: string }[] } = await get('audit?kind=decision');
    expect(audit.items.filter(({ kind }) => kind === 'decision')).toHaveLength(1);
  });
});
