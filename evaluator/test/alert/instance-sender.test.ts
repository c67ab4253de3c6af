import { describe, expect, it } from 'vitest';
import { InstanceSender } from '../../src/alert/instance-sender.js';
import type { AlertRow, InstanceStatus, WireAlert } from '../../src/alert/types.js';

function rowOf(over: Partial<AlertRow> = {}): AlertRow {
  return {
    ...{ key: 'k', labels: { alertname: 'A', cluster: 'own' }, annotations: { verdicts_url: 'https://e.example/v' } },
    ...{ guardrail: 'gap', startsAt: 1000, quietSince: 0, endedAt: 0, foldedInto: '', leftToRule: false },
    ...{ traceId: '', version: 1, ...over },
  };
}

/** A sender on virtual time to an Alertmanager that answers what the test says. */
function harness(rows: AlertRow[], resend = 30) {
  const world = {
    status: undefined as InstanceStatus | undefined,
    othersReady: false,
    now: 1000,
    answers: [] as (number | Error)[],
    sent: [] as WireAlert[][],
    open: 0,
    most: 0,
  };
  const accepted: string[] = [];
  const failed: string[] = [];
  const sender = new InstanceSender({
    url: 'http://am/api/v2/alerts',
    post: async (body) => {
      world.most = Math.max(world.most, ++world.open);
      await Promise.resolve();
      world.open--;
      world.sent.push(JSON.parse(body) as WireAlert[]);
      const answer = world.answers.shift() ?? 200;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ask: async () => world.status,
    othersReady: () => world.othersReady,
    now: () => world.now,
    random: () => 1,
    resend,
    externalLabels: { cluster: 'eu', region: 'x' },
    alerts: () => rows,
    onAccepted: (taken) => accepted.push(...taken.map(({ key }) => key)),
    onFailed: (reason) => failed.push(reason),
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  /** Lets `seconds` pass, and what is due then be sent. */
  const after = async (seconds: number): Promise<void> => {
    world.now += seconds;
    sender.poke();
    await settle();
  };
  return { world, sender, accepted, failed, settle, after };
}

describe('one Alertmanager', () => {
  it('is told of an alert as its API asks for, external labels only where the alert has none', async () => {
    const { world, after } = harness([rowOf()]);
    await after(0);
    expect(world.sent).toEqual([
      [
        {
          labels: { alertname: 'A', cluster: 'own', region: 'x' },
          annotations: { verdicts_url: 'https://e.example/v' },
          startsAt: '1970-01-01T00:16:40.000Z',
          endsAt: '1970-01-01T00:18:40.000Z',
          generatorURL: 'https://e.example/v',
        },
      ],
    ]);
  });

  it('is told again after the interval, at once of a change, and of the end with its time', async () => {
    const rows = [rowOf()];
    const { world, after } = harness(rows);
    await after(0);
    await after(29);
    expect(world.sent).toHaveLength(1);
    await after(1);
    expect(world.sent).toHaveLength(2);
    rows[0] = rowOf({ version: 2 });
    await after(0);
    expect(world.sent).toHaveLength(3);
    rows[0] = rowOf({ version: 3, endedAt: 1031 });
    await after(0);
    expect(world.sent[3]![0]!.endsAt).toBe('1970-01-01T00:17:11.000Z');
  });

  it('gets one request at a time, so that an old state never overtakes a new one, and at most 64 alerts in each', async () => {
    const rows = Array.from({ length: 150 }, (_, index) => rowOf({ key: `k${index}` }));
    const { world, sender, settle } = harness(rows);
    for (let turn = 0; turn < 5; turn++) sender.poke();
    await settle();
    expect(world.most).toBe(1);
    expect(world.sent.map((batch) => batch.length)).toEqual([64, 64, 22]);
  });

  it('is tried again after an outage with growing pauses, at most ten seconds, and then knows everything', async () => {
    const { world, sender, accepted, failed, after } = harness([rowOf()]);
    world.answers = [new Error('it cannot be reached (ECONNREFUSED)'), 503, 500, 500, 500, 500, 500, 500];
    const attempts: number[] = [];
    const began = world.now;
    while (accepted.length === 0) {
      const before = world.sent.length;
      await after(0);
      if (world.sent.length > before) attempts.push(Math.round((world.now - began) * 1000) / 1000);
      world.now += 0.05;
    }
    const pauses = attempts.slice(1).map((at, index) => at - attempts[index]!);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(10.1);
    expect(pauses[0]).toBeLessThan(0.4);
    for (const [index, pause] of pauses.slice(1).entries()) expect(pause).toBeGreaterThanOrEqual(pauses[index]! - 0.1);
    expect(failed.slice(0, 2)).toEqual(['it cannot be reached (ECONNREFUSED)', 'it answered 503']);
    expect(sender.state()).toMatchObject({ reason: '', failingSince: 0, waiting: 0 });
  });

  it('is told everything again when it comes back: it may have been restarted and keeps alerts in memory only', async () => {
    const rows = [rowOf({ key: 'old' })];
    const { world, accepted, after } = harness(rows);
    await after(0);
    rows.push(rowOf({ key: 'new' }));
    world.answers = [new Error('it cannot be reached (ECONNREFUSED)')];
    await after(0);
    await after(1);
    expect(accepted).toEqual(['old', 'new', 'old']);
  });

  it('is told nothing while it waits for its cluster and another notifies, and everything when it has settled', async () => {
    const { world, sender, after } = harness([rowOf()]);
    world.status = { start: 'one', settling: false };
    await after(0);
    expect([world.sent.length, sender.ready]).toEqual([1, true]);
    world.status = { start: 'two', settling: true };
    world.othersReady = true;
    await after(31);
    expect([world.sent.length, sender.ready, sender.state().waiting]).toEqual([1, false, 1]);
    world.status.settling = false;
    await after(0.5);
    expect([world.sent.length, sender.ready]).toEqual([2, true]);
  });

  it('is told at once while it waits for its cluster when no other notifies', async () => {
    const { world, sender, after } = harness([rowOf()]);
    world.status = { start: 'one', settling: true };
    await after(0);
    expect([world.sent.length, sender.ready]).toEqual([1, false]);
  });

  it('says since when it fails and how much waits', async () => {
    const { world, sender, after } = harness([rowOf()]);
    world.answers = [500, 500];
    await after(0);
    await after(5);
    expect(sender.state()).toMatchObject({ failingSince: 1000, reason: 'it answered 500', waiting: 1 });
  });

  it('does not repeat at once what it refuses as malformed', async () => {
    const { world, failed, after } = harness([rowOf()]);
    world.answers = [400];
    await after(0);
    await after(20);
    expect(world.sent).toHaveLength(1);
    expect(failed).toEqual(['it answered 400']);
  });

  it('is not told of the end of an alert that was left to the rule', async () => {
    const { world, after } = harness([rowOf({ leftToRule: true, endedAt: 1010 })]);
    world.now = 1020;
    await after(0);
    expect(world.sent).toEqual([]);
  });
});
