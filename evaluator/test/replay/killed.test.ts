import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { replay } from '../../src/replay/index.js';
import { bits, calls, rules, seeded, START } from './recorded.js';

const KILLS = process.env['GUARDSPAN_VERIFY'] === 'full' ? 20 : 4;
const BATCH = 200;

interface Told {
  ready?: true;
  done?: number;
  reports?: unknown[];
  verdicts?: unknown[];
}

/** The next message of a child, or undefined when it was killed before it said anything. */
async function told(child: ChildProcess): Promise<Told | undefined> {
  const stop = new AbortController();
  const { signal } = stop;
  const next = await Promise.race([once(child, 'message', { signal }), once(child, 'exit', { signal })]).finally(() =>
    stop.abort(),
  );
  return typeof next[0] === 'object' && next[0] !== null ? (next[0] as Told) : undefined;
}

it(`a process that is killed ${KILLS} times with kill -9 comes to the verdicts and the evidence of an undisturbed replay, bit for bit`, async () => {
  const list = rules('{rateGap: {attribute: sex, of: "output.label == \'approve\'", ratio: 0.8}}', 'robust');
  const recorded = calls();
  const asReplayed = recorded.map(({ call, id }) => ({ call, id: id.spanId, traceId: '', facts: [] }));
  const { guardrails, timeline } = replay(list, asReplayed, null);
  const random = seeded(23);
  const batches = recorded.length / BATCH;
  const killAt = new Set<number>();
  while (killAt.size < KILLS) killAt.add(Math.floor(random() * batches));
  const directory = mkdtempSync(join(tmpdir(), 'guardspan-killed-'));
  let kills = 0;
  const begin = async (): Promise<ChildProcess> => {
    const path = fileURLToPath(new URL('counting-child.mjs', import.meta.url));
    const child = fork(path, [directory, String(START)], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    expect(await told(child)).toEqual({ ready: true });
    child.send({ guardrails: list, batch: -1 });
    expect(await told(child)).toEqual({ done: -1 });
    return child;
  };
  let child = await begin();
  try {
    for (let batch = 0; batch < batches; batch++) {
      const own = recorded.slice(batch * BATCH, (batch + 1) * BATCH);
      const message = { batch, calls: own, now: own.at(-1)!.call.startedAt + 0.5 };
      if (killAt.has(batch)) {
        // While it counts, commits or answers: nobody knows, and the sender sends again.
        child.send(message);
        await new Promise((resolve) => setTimeout(resolve, random() * 8));
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
        expect(child.signalCode).toBe('SIGKILL');
        kills++;
        child = await begin();
      }
      child.send(message);
      expect(await told(child)).toEqual({ done: batch });
    }
    child.send({ tick: recorded.at(-1)!.call.startedAt + 60, batch: batches });
    const end = (await told(child))!;
    expect(kills).toBe(KILLS);
    expect(end.verdicts!.map(bits)).toEqual(timeline.map(({ at, to, evidence }) => bits([at, to, evidence!.evidence])));
    expect(timeline.length).toBeGreaterThan(0);
    expect(bits(end.reports)).toEqual(
      bits(
        guardrails[0]!.evidence.map(({ state, evidence, recompute, causes }) => [state, evidence, recompute, causes]),
      ),
    );
  } finally {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}, 120_000);
