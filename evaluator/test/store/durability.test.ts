import BetterSqlite3 from 'better-sqlite3';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/audit/verify-chain.js';
import type { Checkpoint } from '../../src/engine/types.js';
import type { Executor } from '../../src/store/operations.js';
import { migrateDatabase } from '../../src/store/migrate-database.js';
import { migrateStore, openSqliteStore } from '../../src/store/open-sqlite-store.js';
import { DEFAULT_RETENTION } from '../../src/store/operations.js';
import { MIGRATIONS } from '../../src/store/schema.js';
import { SqliteDatabase } from '../../src/store/sqlite-database.js';
import { createQueuedStore } from '../../src/store/queued-store.js';
import { requireRuntime } from '../../src/store/require-runtime.js';
import { StoreError } from '../../src/store/store-error.js';
import type { AuditEntry, Store } from '../../src/store/types.js';
import { blocksOf } from '../count/blocks-of.js';

let directory: string;
let stores: Store[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'guardspan-durable-'));
  stores = [];
});
afterEach(async () => {
  for (const store of stores) await store.close().catch(() => undefined);
  rmSync(directory, { recursive: true, force: true });
});
const open = async (options: Parameters<typeof openSqliteStore>[0] = { directory }): Promise<Store> => {
  const store = await openSqliteStore(options);
  stores.push(store);
  return store;
};
const entry = (body: unknown, at = 1000): AuditEntry => ({
  kind: 'system',
  at,
  actor: 'test',
  guardrail: '',
  traceId: '',
  verdictId: '',
  body,
});

describe('durable store', () => {
  it('finds everything again after a restart and continues the chain', async () => {
    const first = await open();
    await first.appendAudit([entry(1), entry(2)]);
    expect(await first.nextEpoch()).toBe(1);
    await first.close();
    const second = await open();
    await second.appendAudit([entry(3)]);
    expect(await second.nextEpoch()).toBe(2);
    const all = await second.queryAudit({});
    expect(all.map((r) => r.body)).toEqual([1, 2, 3]);
    expect(verifyChain(all).valid).toBe(true);
  });

  it('keeps checkpoints of thousands of rows whole, the later over the earlier', async () => {
    const store = await open();
    const checkpoint = (rows: number, states: number, value: number): Checkpoint => ({
      buckets: blocksOf(
        'r',
        Array.from({ length: rows }, (_, i) => ({
          ...({ series: `["${i}"]`, bucket: 1, arm: 'model' } as const),
          totals: Uint8Array.of(value, i % 256),
        })),
      ),
      series: Array.from({ length: states }, (_, i) => ({
        revision: 'r',
        series: `["${i}"]`,
        state: `{"v":${value}}`,
      })),
      seen: [{ slice: 5, ids: Uint8Array.of(value) }],
      closedBefore: 0,
    });
    await Promise.all([1, 2].map((value) => store.commitCheckpoint(checkpoint(3700 / value, 1300, value))));
    await store.close();
    const { buckets, series, seen } = await (await open()).loadCheckpoint();
    const index = (key: string): number => Number((JSON.parse(key) as string[])[0]);
    expect(buckets).toHaveLength(3700);
    for (const row of buckets)
      expect([...row.totals]).toEqual([index(row.series) < 1850 ? 2 : 1, index(row.series) % 256]);
    expect(series.map(({ state }) => state)).toEqual(Array(1300).fill('{"v":2}'));
    expect([...seen].map(({ ids }) => ids[0])).toEqual([1, 2]);
  });

  it('keeps others out of its files', async () => {
    const store = await open();
    await store.nextEpoch();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const files = readdirSync(directory);
    expect(files).toContain('guardspan.db-wal');
    for (const file of files) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
  });

  it('refuses a directory that is in use', async () => {
    await open();
    await expect(openSqliteStore({ directory })).rejects.toMatchObject({ code: 'GUARDSPAN_STORE_LOCKED' });
  });

  it('says what a migration would do and does nothing in a dry run', async () => {
    expect(migrateStore({ directory, dryRun: true })).toEqual({
      ...{ from: 0, to: 8 },
      steps: [
        'first schema',
        'outbox of alerts',
        'documents of several kinds',
        'reports of verdicts',
        'outbox of webhooks',
        'why documents were changed',
        'break-glass edits',
        'judgements that are neither right nor a false alarm',
      ],
    });
    expect(migrateStore({ directory, dryRun: true }).from).toBe(0);
    expect(migrateStore({ directory, dryRun: false }).from).toBe(0);
    expect(migrateStore({ directory, dryRun: false })).toEqual({ from: 8, to: 8, steps: [] });
  });

  it('keeps the documents and proposals of a database that knew one kind', async () => {
    const path = join(directory, 'old.db');
    const db = new BetterSqlite3(path);
    db.exec(MIGRATIONS[0]!.sql);
    db.pragma('user_version = 1');
    db.prepare('INSERT INTO document VALUES (?,?,?,?,?,?,?,?,?)').run(
      'slow',
      3,
      'r',
      '{"a":1}',
      'ann',
      'bob',
      1,
      'text',
      0,
    );
    db.prepare('INSERT INTO proposal VALUES (?,?)').run('slow', '{"name":"slow","revision":"q"}');
    migrateDatabase(db, false);
    db.close();
    const kept = new SqliteDatabase({ path, retention: DEFAULT_RETENTION, maxBytes: 0 });
    expect(kept.read('documents', [])).toEqual([
      {
        ...{ kind: 'Guardrail', name: 'slow', generation: 3, revision: 'r', normal: { a: 1 } },
        ...{ author: 'ann', approver: 'bob', at: 1, source: 'text', deleted: false, why: '', breakGlass: null },
      },
    ]);
    expect(kept.read('proposals', [])).toEqual([
      { kind: 'Guardrail', change: 'put', name: 'slow', revision: 'q', why: '', breakGlass: 0 },
    ]);
    kept.close();
  });

  it('keeps the judgements of a database that knew two kinds of them', () => {
    const path = join(directory, 'old.db');
    const db = new BetterSqlite3(path);
    for (const { sql } of MIGRATIONS.slice(0, 7)) db.exec(sql);
    db.pragma('user_version = 7');
    const judge = db.prepare('INSERT INTO feedback VALUES (?,?,?,?,?)');
    judge.run('v1', 'ann', 1, 'seen', 1);
    judge.run('v1', 'bob', 0, 'a test', 2);
    migrateDatabase(db, false);
    db.close();
    const kept = new SqliteDatabase({ path, retention: DEFAULT_RETENTION, maxBytes: 0 });
    expect(kept.read('feedback', ['v1'])).toEqual([
      { verdictId: 'v1', judgement: 'right', by: 'ann', reason: 'seen', at: 1 },
      { verdictId: 'v1', judgement: 'false_alarm', by: 'bob', reason: 'a test', at: 2 },
    ]);
    kept.close();
  });

  it('refuses an old Node before it touches the native module', () => {
    expect(() => requireRuntime('20.19.0')).toThrow(StoreError);
    expect(() => requireRuntime('24.1.0')).not.toThrow();
  });

  it('survives a full disk: tells, keeps what it acknowledged, and recovers once there is space', async () => {
    const store = await open({ directory, maxBytes: 600_000, retryDelay: 10, retention: { audit: 100 } });
    const body = 'x'.repeat(20_000);
    let acknowledged = 0;
    let failure: StoreError | undefined;
    while (failure === undefined) {
      try {
        await store.appendAudit([entry(body)]);
        acknowledged += 1;
      } catch (error) {
        failure = error as StoreError;
      }
    }
    expect(failure).toMatchObject({ code: 'GUARDSPAN_STORE_COMMIT', retained: true });
    expect(acknowledged).toBeGreaterThan(5);
    expect(store.status()).toMatchObject({ degraded: true, pending: 1 });
    expect(await store.queryAudit({ limit: 1000 })).toHaveLength(acknowledged);

    await store.prune(5000);
    const last = await store.appendAudit([entry('after', 5000)]);
    expect(store.status()).toMatchObject({ degraded: false, reason: '' });
    const left = await store.queryAudit({ limit: 1000 });
    expect(verifyChain(left).valid).toBe(true);
    expect(left.at(-1)).toEqual(last[0]);
    // What the prune took is on record before what had waited.
    expect(last[0]!.seq).toBe(acknowledged + 3);
  });

  it('keeps on a full disk neither a refused change nor its audit record, then or later', async () => {
    const store = await open({ directory, maxBytes: 600_000, retryDelay: 10, retention: { audit: 100 } });
    const reason = 'x'.repeat(20_000);
    const judge = (by: string): Promise<void> =>
      store.putFeedback({ verdictId: 'v1', judgement: 'right', by, reason, at: 5000 }, { audit: [entry(by, 5000)] });
    await store.appendAudit([entry(reason, 1), entry(reason, 1), entry(reason, 1), entry('first', 5000)]);
    let made = 0;
    let failure: StoreError | undefined;
    while (failure === undefined) {
      await judge(`p${made}`).then(
        () => made++,
        (error: StoreError) => (failure = error),
      );
    }
    expect(failure).toMatchObject({ code: 'GUARDSPAN_STORE_COMMIT', retained: false });
    expect(made).toBeGreaterThan(5);
    // Frees what the old entries took.
    await store.prune(5000);
    await store.appendAudit([entry('last', 5000)]);
    const expected = Array.from({ length: made }, (_, i) => `p${i}`);
    expect((await store.feedback('v1')).map(({ by }) => by).sort()).toEqual([...expected].sort());
    const records = await store.queryAudit({ limit: 1000 });
    const said = records.filter(({ kind, body }) => kind !== 'system' || typeof body === 'string');
    expect(said.map((r) => r.body)).toEqual(['first', ...expected, 'last']);
    expect(verifyChain(records).valid).toBe(true);
  });
});

describe('queue of writes', () => {
  const failing = (failures: number): Executor & { batches: string[][] } => {
    const batches: string[][] = [];
    let left = failures;
    return {
      batches,
      write: async (batch) => {
        if (left-- > 0) throw new StoreError('GUARDSPAN_STORE_COMMIT', 'disk is full', 'free space');
        batches.push(batch.map((request) => request.name));
        return batch.map(() => ({ ok: true as const, value: undefined }));
      },
      read: async () => undefined,
      onExit: () => undefined,
      close: async () => undefined,
    };
  };

  it('commits what arrives together as one group', async () => {
    const executor = failing(0);
    const store = createQueuedStore(executor, { commitDelay: 1 });
    await Promise.all([store.appendAudit([entry(1)]), store.appendAudit([entry(2)]), store.nextEpoch()]);
    expect(executor.batches).toEqual([['appendAudit', 'appendAudit', 'nextEpoch']]);
  });

  it('retries what it retained and gives back what the caller must decide', async () => {
    const executor = failing(1);
    const store = createQueuedStore(executor, { commitDelay: 0, retryDelay: 1 });
    const audit = store.appendAudit([entry(1)]);
    const epoch = store.nextEpoch();
    await expect(audit).rejects.toMatchObject({ retained: true });
    await expect(epoch).rejects.toMatchObject({ retained: false });
    await store.close();
    expect(executor.batches).toEqual([['appendAudit']]);
    expect(store.status().degraded).toBe(false);
  });

  it('refuses writes beyond its bound', async () => {
    const store = createQueuedStore(failing(0), { commitDelay: 50, maxPending: 1 });
    const first = store.nextEpoch();
    await expect(store.nextEpoch()).rejects.toMatchObject({ code: 'GUARDSPAN_STORE_FULL' });
    await first;
  });

  it('says at the end what it could not write', async () => {
    const store = createQueuedStore(failing(100), { commitDelay: 0, retryDelay: 1 });
    await expect(store.appendAudit([entry(1)])).rejects.toMatchObject({ retained: true });
    await expect(store.close()).rejects.toMatchObject({ code: 'GUARDSPAN_STORE_COMMIT' });
  });
});
