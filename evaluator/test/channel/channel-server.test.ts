import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DecisionRecord } from '@guardspan/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Authenticator } from '../../src/auth/types.js';
import { ChannelServer } from '../../src/channel/channel-server.js';
import type { ActiveDirective } from '../../src/channel/directives/active-directive.js';
import { DirectiveManager } from '../../src/channel/directives/directive-manager.js';
import { Recorder } from '../../src/channel/directives/recorder.js';
import { Fleet } from '../../src/channel/fleet/fleet.js';
import { FleetApiView } from '../../src/channel/fleet/fleet-view.js';
import { KillSwitches } from '../../src/channel/kill-switches.js';
import { Publication } from '../../src/channel/publication.js';
import { CLOSE_AFTER, CONFLATE_BYTES, Connection, MESSAGE_BURST } from '../../src/channel/socket/connection.js';
import { prepareFrame } from '../../src/channel/socket/prepared-frame.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { helloOf, TestAgent } from './support/agent.js';
import { windowed } from './support/guardrail.js';

const HEARTBEAT = 10;
let now: number;
let ids: number;
let valid: boolean;
let server: Server;
let url: string;
let channel: ChannelServer;
let fleet: Fleet;
let publication: Publication;
let directives: DirectiveManager;
let recorded: DecisionRecord[];
const agents: TestAgent[] = [];

function connect(
  ...[overrides, options]: [Parameters<typeof helloOf>[1]?, ConstructorParameters<typeof TestAgent>[2]?]
): TestAgent {
  const agent = new TestAgent(url, helloOf('shop', overrides), options);
  agents.push(agent);
  return agent;
}

const record = (callId: string): DecisionRecord => ({
  ...{ traceId: '', spanId: '', callId, at: 1, model: 'risk', modelVersion: '', action: 'deny' },
  ...{ disposition: 'enforced', verdicts: [], directive: '', rerouteTo: '', redactions: 0 },
});

function answered({ socket }: TestAgent): Promise<void> {
  return new Promise((resolve) => {
    socket.once('pong', () => resolve());
    socket.ping();
  });
}

beforeEach(async () => {
  now = 1000;
  ids = 0;
  valid = true;
  recorded = [];
  fleet = new Fleet({ now: () => now });
  publication = new Publication();
  publication.set([windowed('errors')]);
  const events = { publish: () => undefined };
  const metrics = new Metrics();
  const kill = new KillSwitches({ store: createMemoryStore(), now: () => now, events, changed: () => undefined });
  directives = new DirectiveManager({
    ...{ epoch: 7, lease: 60, now: () => now, newId: () => `d${++ids}`, metrics, events },
    guardrail: (name) => publication.get(name),
    recorder: new Recorder(),
    answered: () => undefined,
    reach: () => ({ matching: 1, applied: 0 }),
  });
  const auth: Authenticator = {
    singleUser: false,
    authenticate: () =>
      valid
        ? { ok: true, principal: { name: 't', role: 'agent', services: ['shop'], models: [] } }
        : { ok: false, reason: 'unknown', retryAfter: 0 },
  };
  channel = new ChannelServer({
    ...{ now: () => now, auth, fleet, directives, kill, publication, metrics, events },
    heartbeat: HEARTBEAT,
    maxConnections: 3,
    onReport: () => undefined,
    onDecisions: (_instance, records) => {
      recorded.push(...records);
      return Promise.resolve();
    },
  });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    channel.handleUpgrade(request, socket, head);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.socket.terminate();
  await channel.close();
  server.closeAllConnections();
  server.close();
});

describe('the websocket', () => {
  it('sends a change as a difference from the first one on', async () => {
    const agent = connect();
    await agent.until(() => agent.of('snapshot').length === 1);
    publication.set([windowed('errors'), windowed('more')]);
    channel.published();
    await agent.until(() => agent.of('delta').length === 1);
    const [{ from, upsert, remove }] = agent.of('delta') as [ReturnType<typeof agent.of<'delta'>>[number]];
    expect(from).toBe(agent.of('snapshot')[0]!.revision);
    expect([upsert.map(({ guardrail }) => guardrail.metadata.name), remove]).toEqual([['more'], []]);
    expect(agent.of('snapshot').length).toBe(1);
  });

  it('welcomes a process and gives it its guard-rails', async () => {
    const agent = connect();
    await agent.until(() => agent.of('ping').length > 0);
    expect(agent.messages.map(({ type }) => type)).toEqual(['welcome', 'snapshot', 'ping']);
    expect(agent.of('welcome')[0]).toMatchObject({ epoch: 7, heartbeat: HEARTBEAT });
    await agent.until(() => fleet.live()[0]?.revision !== '');
    expect(fleet.live()[0]!.revision).toBe(agent.of('snapshot')[0]!.revision);
  });

  it('tells a process that is too old to know which calls a window counts none of its directives', async () => {
    publication.set([windowed('errors', { where: "tenant == 'acme'" })]);
    const fire = (verdictId: string, model: string): void => {
      directives.onTransition({
        ...{ verdictId, at: now, guardrail: 'errors', revision: publication.get('errors')!.revision },
        ...{ series: { model }, from: 'ok', to: 'firing', code: 'condition', message: '', trace: [] },
        ...{ signals: {}, exampleTraceIds: [] },
      });
    };
    fire('v1', 'risk');
    const old = connect({ featureLevel: 3 });
    const current = connect();
    for (const agent of [old, current]) await agent.until(() => agent.of('snapshot').length > 0);
    expect(current.of('snapshot')[0]!.directives).toHaveLength(1);
    expect(old.of('snapshot')[0]!.directives).toEqual([]);
    await current.until(() => fleet.live().length === 2);
    expect(channel.outgoing.reach(directives.held()[0]!.wire).matching).toBe(1);

    fire('v2', 'risk-b');
    await current.until(() => current.of('directive').length > 0);
    // What a process may hold of an earlier revision it must hear the end of.
    directives.onTransition({
      ...{ verdictId: 'v2', at: now, guardrail: 'errors', revision: publication.get('errors')!.revision },
      ...{ series: { model: 'risk-b' }, from: 'firing', to: 'ok', code: 'expired', message: '', trace: [] },
      ...{ signals: {}, exampleTraceIds: [] },
    });
    await old.until(() => old.of('release').length > 0);
    expect(old.of('directive')).toEqual([]);
    expect(old.of('release')).toMatchObject([{ reason: 'expired' }]);
    const errors = new FleetApiView(fleet, publication).instances().flatMap((one) => one.errors);
    expect(errors).toMatchObject([{ guardrail: 'errors', code: 'FEATURE_LEVEL' }]);
  });

  it('knows when a process has not confirmed a directive that it could have', async () => {
    publication.set([windowed('errors'), windowed('elsewhere', { match: { services: ['shop'], models: ['other'] } })]);
    const agent = connect({ callSites: [{ client: 'function', model: 'risk', version: '*' }] });
    await agent.until(() => (fleet.live()[0]?.revision ?? '') !== '');
    for (const guardrail of ['errors', 'elsewhere'])
      directives.onTransition({
        ...{ verdictId: guardrail, at: now, guardrail, revision: publication.get(guardrail)!.revision },
        ...{
          series: { model: guardrail === 'errors' ? 'risk' : 'other' },
          from: 'ok',
          to: 'firing',
          code: 'condition',
        },
        ...{ message: '', trace: [], signals: {}, exampleTraceIds: [] },
      });
    const [held, elsewhere] = directives.held() as [ActiveDirective, ActiveDirective];
    const [instance] = fleet.live();
    await agent.until(() => instance!.applied.has(held.wire.id));
    now += 11;
    expect(channel.outgoing.isUnconfirmed(held, 10)).toBe(false);
    // As of a process that never said so.
    instance!.applied.clear();
    expect(channel.outgoing.isUnconfirmed(held, 10)).toBe(true);
    expect(channel.outgoing.isUnconfirmed(held, 12), 'it was not long ago').toBe(false);
    expect(channel.outgoing.isUnconfirmed(elsewhere, 10), 'it does not call that model').toBe(false);
    await agent.close();
    await agent.until(() => fleet.live().length === 0);
    expect(channel.outgoing.isUnconfirmed(held, 10), 'it is gone').toBe(false);
  });

  it('tells a process of another service nothing of them', async () => {
    publication.set([windowed('errors', { match: { services: ['bank'] } })]);
    const agent = connect();
    await agent.until(() => agent.of('snapshot').length > 0);
    expect(agent.of('snapshot')[0]!.guardrails).toEqual([]);
  });

  it.each([
    ['4400 for what is no message', 4400, '{"type":"hallo"}'],
    ['4400 for a second hello', 4400, JSON.stringify(helloOf('shop'))],
  ])('closes with %s', async (_name, code, text) => {
    const agent = connect();
    await agent.until(() => agent.of('snapshot').length > 0);
    agent.socket.send(text);
    await agent.until(() => agent.closed !== undefined);
    expect(agent.closed?.code).toBe(code);
  });

  it('closes the older of two connections of the same start with 4409', async () => {
    const first = connect({ instance: 'i', incarnation: 'n' });
    await first.until(() => first.of('snapshot').length > 0);
    const second = connect({ instance: 'i', incarnation: 'n' });
    await first.until(() => first.closed !== undefined);
    await second.until(() => second.of('snapshot').length > 0);
    expect(first.closed?.code).toBe(4409);
    expect(fleet.live()).toHaveLength(1);
  });

  it('closes with 1013 when a process floods it, reads no more of it, and goes on with the others', async () => {
    const [flooder, other] = [connect(), connect()];
    for (const agent of [flooder, other]) await agent.until(() => agent.of('snapshot').length > 0);
    for (let seq = 1; seq <= MESSAGE_BURST + 500; seq++)
      flooder.send({ type: 'decisions', seq, dropped: 0, records: [record(String(seq))] });
    await flooder.until(() => flooder.closed !== undefined);
    expect(flooder.closed?.code).toBe(1013);
    expect(recorded.length).toBeLessThanOrEqual(MESSAGE_BURST);
    await answered(other);
    expect(other.closed).toBeUndefined();
  });

  it('closes with 4401 at the next heartbeat once the token is revoked', async () => {
    const agent = connect();
    await agent.until(() => agent.of('snapshot').length > 0);
    valid = false;
    now += HEARTBEAT;
    channel.tick();
    await agent.until(() => agent.closed !== undefined);
    expect(agent.closed?.code).toBe(4401);
  });

  it('gives a process up that does not answer three pings', async () => {
    const agent = connect({}, { answerPings: false });
    await agent.until(() => agent.of('ping').length > 0);
    for (let beat = 0; beat < 3; beat++) {
      now += HEARTBEAT;
      channel.tick();
    }
    await agent.until(() => agent.closed !== undefined);
    expect(fleet.live()).toEqual([]);
  });

  it('spreads the pings of processes that joined together', async () => {
    const together = [connect(), connect(), connect()];
    for (const agent of together) await agent.until(() => agent.of('ping').length > 0);
    const second: number[] = [];
    for (let beat = 0; beat < HEARTBEAT; beat++) {
      const before = together.map((agent) => agent.of('ping').length);
      now += 1;
      channel.tick();
      // The answer to a ping of the websocket itself comes after all that was sent before.
      await Promise.all(together.map((agent) => answered(agent)));
      together.forEach((agent, index) => {
        if (agent.of('ping').length > before[index]!) second.push(beat + 1);
      });
    }
    expect(second).toHaveLength(3);
    expect(new Set(second).size).toBe(3);
    expect(Math.min(...second)).toBeGreaterThanOrEqual(HEARTBEAT / 2);
  });

  it('measures how far the clock of a process is ahead', async () => {
    const agent = connect({}, { answerPings: false });
    await agent.until(() => agent.of('ping').length > 0);
    agent.send({ type: 'pong', nonce: agent.of('ping')[0]!.nonce, clock: now + 90 });
    await agent.until(() => fleet.clockOffset(agent.hello.incarnation) !== undefined);
    expect(fleet.clockOffset(agent.hello.incarnation)).toBeCloseTo(90, 6);
  });

  it('refuses more connections than it may hold', async () => {
    const three = [connect(), connect(), connect()];
    for (const agent of three) await agent.until(() => agent.of('snapshot').length > 0);
    const status = await new Promise<number | undefined>((resolve) => {
      connect().socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    expect(status).toBe(503);
  });

  it('records each decision once, also when it is sent again', async () => {
    const agent = connect();
    await agent.until(() => agent.of('snapshot').length > 0);
    agent.send({ type: 'decisions', seq: 2, records: [record('1'), record('2')], dropped: 0 });
    agent.send({ type: 'decisions', seq: 3, records: [record('1'), record('2'), record('3')], dropped: 0 });
    await agent.until(() => agent.of('decided').length > 1);
    expect(recorded.map(({ callId }) => callId)).toEqual(['1', '2', '3']);
    expect(agent.of('decided').map(({ seq }) => seq)).toEqual([2, 3]);
  });
});

describe('a slow client', () => {
  const frame = prepareFrame('{}');
  const socketOf = (bufferedAmount: number): { socket: WebSocket; written: Buffer[]; drain: () => void } => {
    const written: Buffer[] = [];
    const state = {
      bufferedAmount,
      readyState: WebSocket.OPEN,
      _socket: { writable: true, write: (bytes: Buffer) => written.push(bytes) },
    };
    return { socket: state as unknown as WebSocket, written, drain: () => void (state.bufferedAmount = 0) };
  };
  const principal = { name: 't', role: 'agent', services: [], models: [] } as const;

  it('misses broadcasts while more than 1 MB waits, and is owed a snapshot', () => {
    const { socket, written, drain } = socketOf(CONFLATE_BYTES + 1);
    const connection = new Connection(socket, undefined, '', principal, 0);
    connection.offer(frame, 5);
    expect(connection.canResume()).toBe(false);
    drain();
    connection.offer(frame, 6);
    expect(written).toEqual([]);
    expect(connection.canResume()).toBe(true);
    connection.owedSince = 0;
    connection.offer(frame, 7);
    expect(written).toEqual([frame.bytes]);
  });

  it('is too slow to keep after 30 s or with 8 MB', () => {
    const behind = new Connection(socketOf(CONFLATE_BYTES + 1).socket, undefined, '', principal, 0);
    behind.offer(frame, 5);
    expect(behind.isTooSlow(5 + CLOSE_AFTER)).toBe(false);
    expect(behind.isTooSlow(5.1 + CLOSE_AFTER)).toBe(true);
    expect(new Connection(socketOf((8 << 20) + 1).socket, undefined, '', principal, 0).isTooSlow(0)).toBe(true);
  });
});
