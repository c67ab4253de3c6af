import { compileWindowed, scopeGlobs } from '@guardspan/policy';
import type { ModelCall, RecordedCall } from '@guardspan/policy';
import { CallGroup } from '../count/call-group.js';
import { CallReaders } from '../count/call-reader.js';
import { SeenCalls } from '../count/seen-calls.js';
import type { EngineOptions } from './engine-options.js';
import type { EvidenceReport } from './evidence/report.js';
import type { JudgedGuardrail, SeriesHost } from './judged-guardrail.js';
import { PlanIndex } from './plan-index.js';
import { Roster } from './roster.js';
import { Slices } from './slices.js';
import type { Checkpoint, Engine, SeriesView, Transition } from './types.js';

/** Seconds of difference between clocks that are taken as they are; also how far the clock may step back unnoticed. */
const CLOCK_TOLERANCE = 2;
/** Calls of a batch that are grouped at a time: enough that calls share a group, few enough that what they need stays in the caches. */
const SLICE = 1024;
/** For work that is done at once. */
const NEVER = (): boolean => false;
const NEVER_REACHED_MODEL = new Set(['deny', 'shutdown', 'throttle']);

/** A guard-rail that matches the calls of a plan, with their series when it is the same for all of them. */
interface PlanEntry {
  guardrail: JudgedGuardrail;
  series: unknown;
}

/** What to do with the calls of equal plan fields. */
interface Plan {
  entries: PlanEntry[];
  readonly length: number;
  /** Those of the batch that is being counted. */
  group: CallGroup | undefined;
}

/** Makes an engine without guard-rails. Time is only what `accept`, `tick`, `load` and `release` are given. */
export function createEngine(options: EngineOptions): Engine {
  const { pace } = options;
  const compile = options.compile ?? compileWindowed;
  const onError = options.onError ?? (() => undefined);
  const seen = new SeenCalls(options.maxSeen ?? 4_000_000, options.hashSeed ?? Math.floor(Math.random() * 2 ** 32));
  const readers = new CallReaders();
  const listeners = new Set<(transition: Transition) => void>();
  const counts = { late: 0, dropped: 0, refused: 0 };
  let accepted = 0;
  let duplicates = 0;
  let clockCorrected = 0;
  let clock = -Infinity;

  const host: SeriesHost = {
    newId: options.newId,
    isHeld: options.isHeld ?? (() => false),
    maxSeries: options.maxSeries ?? 10_000,
    readers,
    counts,
    onError,
    emit(transition) {
      for (const listener of listeners) {
        try {
          listener(transition);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
  const roster = new Roster(compile, host);
  const slices = new Slices(pace, () => roster.all(), onError);

  const plans = new PlanIndex<Plan>((call) => {
    const entries: PlanEntry[] = [];
    for (const guardrail of roster.all()) {
      if (guardrail.compiled.matches(call)) entries.push({ guardrail, series: undefined });
    }
    return { entries, length: entries.length, group: undefined };
  });
  /** Plans of the batch that is being counted, in the order in which their calls came; groups wait in `groups` for their next use. */
  const planned: Plan[] = [];
  const groups: CallGroup[] = [];

  /** Moves the clock; returns the time to use. Small steps back are held still, a larger one restarts the windows. */
  function moveClock(now: number): number {
    if (now < clock - CLOCK_TOLERANCE) {
      for (const guardrail of settled()) guardrail.rewind(now);
      clock = now;
    } else if (now > clock) clock = now;
    return clock;
  }

  function closedBefore(): number {
    let before = clock;
    for (const guardrail of roster.all()) before = Math.min(before, guardrail.closedBefore(clock));
    return before;
  }

  function advance(now: number): void {
    if (roster.isOver(now)) {
      settled();
      roster.expire(now, replan);
    }
    for (const guardrail of roster.all()) {
      guardrail.advance(now);
      if (pace === undefined) guardrail.work(NEVER);
    }
    slices.request();
    seen.closeBefore(closedBefore());
  }

  /** All guard-rails, with nothing due to any series. */
  function settled(): JudgedGuardrail[] {
    const all = [...roster.all()];
    for (const guardrail of all) guardrail.work(NEVER);
    return all;
  }

  /** Begins a checkpoint of everything that was done until now; nothing may be due to any series. */
  function cut(done: (checkpoint: Checkpoint) => void): void {
    const checkpoint: Checkpoint = { buckets: [], series: [], seen: seen.take(), closedBefore: closedBefore() };
    let left = roster.size;
    if (left === 0) done(checkpoint);
    for (const guardrail of roster.all())
      guardrail.checkpoint(checkpoint, () => {
        if (--left === 0) done(checkpoint);
      });
  }

  function* views(name?: string): Generator<SeriesView | undefined> {
    for (const guardrail of [...roster.all()])
      if (name === undefined || guardrail.compiled.name === name) yield* guardrail.views(() => clock);
  }

  function startOf(call: ModelCall, incarnation: string, now: number): number {
    let start = call.startedAt;
    const offset = incarnation === '' ? undefined : options.clockOffset?.(incarnation);
    const skewed = offset !== undefined && Math.abs(offset) > CLOCK_TOLERANCE;
    if (skewed) start -= offset;
    const impossible = !(start > 0 && start <= now + CLOCK_TOLERANCE);
    if (skewed || impossible) clockCorrected++;
    return impossible ? now : start;
  }

  /** Puts a call into the group of its plan, if it is to be counted. */
  function place(calls: readonly RecordedCall[], index: number, now: number): void {
    const { call, id, incarnation } = calls[index]!;
    const plan = plans.of(call);
    if (plan.length === 0) return;
    const start = startOf(call, incarnation, now);
    if (calls[index]!.open === true) {
      // Its end may have overtaken it.
      if (seen.has(id.traceId, id.spanId)) return;
      for (const { guardrail } of plan.entries)
        if (guardrail.compiled.admits?.(call) !== false) guardrail.open?.(calls[index]!, start, now);
      return;
    }
    if (!seen.add(id, start)) {
      duplicates++;
      return;
    }
    if (NEVER_REACHED_MODEL.has(call.decision.action)) return;
    if (plan.group === undefined) {
      plan.group = groups.pop() ?? new CallGroup();
      planned.push(plan);
    }
    plan.group.add(calls, index, start);
  }

  /** Counts the group of a plan with all its guard-rails at once, so that what they share is read once and stays in the caches. */
  function count({ entries }: Plan, group: CallGroup, now: number): void {
    readers.next();
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (!entry.guardrail.fixed) {
        const { admits } = entry.guardrail.compiled;
        for (let index = 0; index < group.length; index++) {
          const { call } = group.record(index);
          if (admits?.(call) === false) continue;
          const series = entry.guardrail.seriesOf(call, now);
          if (series !== undefined) entry.guardrail.count(series, group, index, index + 1, now);
        }
        continue;
      }
      if (entry.series === undefined || !entry.guardrail.catchUp(entry.series)) {
        entry.series = entry.guardrail.seriesOf(group.record(0).call, now);
        // Each call that found no room is counted.
        for (let index = 1; entry.series === undefined && index < group.length; index++) counts.dropped++;
      }
      if (entry.series !== undefined) entry.guardrail.count(entry.series, group, 0, group.length, now);
    }
  }

  function countPlanned(now: number): void {
    for (let i = 0; i < planned.length; i++) {
      const plan = planned[i]!;
      const group = plan.group!;
      plan.group = undefined;
      try {
        count(plan, group, now);
      } catch (error) {
        onError(error);
      }
      group.clear();
      groups.push(group);
    }
    planned.length = 0;
  }

  /** Makes plans anew for the guard-rails that there are. */
  function replan(): void {
    const all = [...roster.all()];
    plans.reset(
      all.map(({ compiled }) => ({ match: scopeGlobs(compiled.guardrail.spec), groupBy: compiled.over.groupBy })),
    );
    readers.retain(all.flatMap((guardrail) => guardrail.readers));
  }

  return {
    accept(calls, receivedAt) {
      const now = moveClock(receivedAt);
      roster.forgetStored();
      advance(now);
      for (let i = 0; i < calls.length; i++) {
        if (calls[i]!.open !== true) accepted++;
        try {
          place(calls, i, now);
        } catch (error) {
          onError(error);
        }
        if (i % SLICE === SLICE - 1) countPlanned(now);
      }
      countPlanned(now);
      for (const guardrail of roster.all()) guardrail.judgeTouched(now);
    },
    durable: () => options.flush?.() ?? Promise.resolve(),
    tick(time) {
      advance(moveClock(time));
    },
    load(list, time) {
      const now = moveClock(time);
      settled();
      roster.load(list, now, replan);
    },
    onTransition(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    series(name) {
      return [...views(name)].filter((view) => view !== undefined);
    },
    seriesSteps: () => views(),
    release(name, values, time, by) {
      const now = moveClock(time);
      for (const guardrail of settled()) {
        if (guardrail.compiled.name === name && guardrail.release(values, now, by)) return true;
      }
      return false;
    },
    facts(facts, time) {
      const now = moveClock(time);
      advance(now);
      const judged = roster.evidence();
      return facts.map((fact) => {
        let known = seen.has(fact.traceId, fact.spanId);
        for (const guardrail of judged) known = guardrail.fact(fact, now) || known;
        return known;
      });
    },
    explain(verdictId) {
      for (const guardrail of roster.evidence()) {
        const report = guardrail.explain(verdictId);
        if (report !== undefined) return report;
      }
      return undefined;
    },
    reports(name, limit = Infinity) {
      const reports: EvidenceReport[] = [];
      for (const guardrail of roster.evidence(name)) reports.push(...guardrail.reports(limit - reports.length));
      return reports;
    },
    has: (traceId, spanId) => seen.has(traceId, spanId),
    takeCheckpoint(): Checkpoint {
      settled();
      let taken: Checkpoint | undefined;
      cut((checkpoint) => (taken = checkpoint));
      settled();
      return taken!;
    },
    checkpoint(onCut) {
      return new Promise((resolve) => {
        slices.whenDone(() => {
          onCut?.();
          cut(resolve);
        });
      });
    },
    restore(buckets, series, ids) {
      roster.restore(buckets, series);
      seen.restore(ids);
    },
    stats() {
      let size = 0;
      for (const guardrail of roster.all()) size += guardrail.size;
      return {
        accepted,
        duplicates,
        late: counts.late,
        clockCorrected,
        series: size,
        seriesDropped: counts.dropped,
        valuesRefused: counts.refused,
        seenEvicted: seen.evicted,
      };
    },
  };
}
