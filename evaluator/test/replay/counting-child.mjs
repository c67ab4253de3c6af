// A process that counts what its parent sends, as the evaluator does: counts and verdicts become durable in one commit, then the parent is told. It may be killed at any moment.
import { createEngine } from '../../dist/engine/create-engine.js';
import { openSqliteStore } from '../../dist/store/open-sqlite-store.js';

const [directory, start] = process.argv.slice(2);
const store = await openSqliteStore({ directory, commitDelay: 0 });
let pending = [];
const failed = (error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
};
const engine = createEngine({ newId: () => 'id', hashSeed: 1, onError: failed });
const saved = await store.loadCheckpoint();
engine.restore(saved.buckets, saved.series, saved.seen);
engine.onTransition(({ at, to, evidence }) => pending.push([at, to, evidence.evidence]));

process.on('message', async (message) => {
  if (message.guardrails) engine.load(message.guardrails, Number(start));
  if (message.calls) engine.accept(message.calls, message.now);
  if (message.tick) engine.tick(message.tick);
  const entries = pending.map((body) => ({
    ...{ kind: 'verdict', at: body[0], actor: 'evaluator', guardrail: 'tested', traceId: '', verdictId: '', body },
  }));
  pending = [];
  // Both in one turn, so that the store takes them into one transaction.
  await Promise.all([
    store.commitCheckpoint(engine.takeCheckpoint()),
    entries.length === 0 ? undefined : store.appendAudit(entries),
  ]).catch(failed);
  if (!message.tick) return process.send({ done: message.batch });
  const reports = engine
    .reports()
    .map(({ state, evidence, recompute, causes }) => [state, evidence, recompute, causes]);
  const verdicts = (await store.queryAudit({ kind: 'verdict', limit: 1000 })).map(({ body }) => body);
  await store.close();
  process.send({ reports, verdicts }, () => process.exit(0));
});
process.send({ ready: true });
