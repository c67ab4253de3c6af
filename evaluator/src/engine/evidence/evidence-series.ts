import { initialAdvisory } from '../../evidence/advisory.js';
import type { AdvisoryState } from '../../evidence/advisory.js';
import type { BlockWriter } from '../../count/block-writer.js';
import { encodeCells } from '../../count/cells/cell-codec.js';
import { CellCounts } from '../../count/cells/cell-counts.js';
import type { CellRows } from '../../count/cells/cell-counts.js';
import { checkBucket, initialChecks, type Checks } from './promise-status.js';
import { fromExactJson, toExactJson } from './exact-json.js';
import { initialMachine, type Machine } from '../../verdict/series-machine.js';

const EXAMPLES = 5;
const ARMS = ['model', 'probe'] as const;
/** Points of the evidence path; when it is full, every second one goes. */
const MAX_PATH = 240;

/** Counts of a bucket that has not closed. */
export interface OpenBucket {
  model: CellCounts;
  probe: CellCounts;
  /** Changed since the last checkpoint. */
  dirty: boolean;
}

/** A point of the evidence path: start of the bucket (seconds), log-evidence after it (nats). */
export type PathPoint = [at: number, evidence: number];

/** One series of a guard-rail with a test: open buckets, evidence and what explains it. */
export class EvidenceSeries {
  readonly values: readonly string[];
  /** Canonical JSON of `values`. */
  readonly key: string;
  readonly open = new Map<number, OpenBucket>();
  machine: Machine;
  verdictId = '';
  /** State of the judge; JSON. */
  judge: unknown;
  evidence = -Infinity;
  highest = -Infinity;
  /** Seconds; first close at which the evidence reached the threshold, -1 before. */
  crossedAt = -1;
  /** Calls of the closed buckets when the evidence first reached the threshold. */
  crossedCalls = 0;
  /** Seconds; evidence counts calls that start at this time or later. */
  restartAt = 0;
  restartReason = 'start';
  /** Buckets that wait until every group is large enough. */
  held: CellCounts | undefined;
  /** Calls and closed buckets since the restart; late calls and all calls, ever. */
  calls = 0;
  buckets = 0;
  late = 0;
  total = 0;
  /** Calls that were counted while they were open, ever. */
  opened = 0;
  /** Closed counts before and since the bucket from which on the evidence grew. */
  before = new CellCounts();
  since = new CellCounts();
  /** The same counts of the concurrent arm, since the restart. */
  arm = new CellCounts();
  /** Seconds; start of the first bucket of `since`. */
  onset = -1;
  /** Evidence gained since `onset`, nats. */
  gained = 0;
  /** Probes since the action began. */
  probes = new CellCounts();
  /** Effect at which the guard-rail fired half way back to the limit: recovery must exclude it. NaN when unknown. */
  recoverAt = NaN;
  path: PathPoint[] = [];
  #pathEvery = 1;
  /** What is usual where each bucket holds one number; JSON. */
  advisory: AdvisoryState = initialAdvisory();
  /** State of the checks of the promise; JSON. */
  checks: Checks = initialChecks();
  /** The checks as they were before `onset`: a breach is alike from bucket to bucket too, and says nothing against the condition of the promise. */
  calm: Checks = this.checks;
  examples: string[] = [];
  changed = true;
  dead = false;
  passed = 0;
  firstSeen: number;

  constructor(values: readonly string[], now: number) {
    this.values = values;
    this.key = JSON.stringify(values);
    this.firstSeen = now;
    this.machine = initialMachine(now);
  }

  /** The counts of an open bucket, made when there are none. */
  bucket(number: number): OpenBucket {
    let open = this.open.get(number);
    if (open === undefined) {
      this.open.set(number, (open = { model: new CellCounts(), probe: new CellCounts(), dirty: true }));
    }
    open.dirty = true;
    return open;
  }

  /** True when more than 1 % of the calls came after their bucket had closed. */
  get degraded(): boolean {
    return this.late > 0.01 * this.total;
  }

  /** Remembers the trace of a counted call; the newest five are kept. */
  addExample(traceId: string): void {
    this.examples.push(traceId);
    if (this.examples.length > EXAMPLES) this.examples.shift();
  }

  /**
   * Takes the counts of a closed bucket in, whose evidence is `evidence` and grew by `gain`; `dispersion` says whether over-dispersion is measured, `weight` what
   * was allowed in the bucket, when that differs by bucket.
   */
  record(
    cells: CellRows,
    arm: CellRows,
    at: number,
    evidence: number,
    gain: number,
    dispersion: boolean,
    weight = 1,
  ): void {
    this.evidence = evidence;
    this.highest = Math.max(this.highest, evidence);
    this.calls += callsOf(cells);
    this.buckets += 1;
    this.gained += gain;
    // The change is sought where the sum of the gains last began to rise.
    if (this.gained <= 0) {
      this.gained = 0;
      this.before.merge(this.since.toRows());
      this.before.merge(cells);
      this.since = new CellCounts();
      this.onset = -1;
    } else {
      if (this.onset < 0) this.onset = at;
      this.since.merge(cells);
    }
    this.checks = checkBucket(this.checks, cells, dispersion, weight);
    if (this.onset < 0) this.calm = this.checks;
    this.arm.merge(arm);
    if (this.buckets % this.#pathEvery === 0) this.path.push([at, evidence]);
    if (this.path.length > MAX_PATH) {
      this.path = this.path.filter((_, index) => index % 2 === 1);
      this.#pathEvery *= 2;
    }
    this.changed = true;
  }

  /** Begins evidence anew; calls that start before `at` no longer count. */
  restart(at: number, reason: string, judge: unknown): void {
    this.restartAt = at;
    this.restartReason = reason;
    this.judge = judge;
    this.evidence = -Infinity;
    this.highest = -Infinity;
    this.held = undefined;
    this.calls = this.buckets = 0;
    this.before = new CellCounts();
    this.since = new CellCounts();
    this.arm = new CellCounts();
    this.onset = -1;
    this.gained = 0;
    this.checks = this.calm = { ...this.calm, sampled: this.checks.sampled };
    this.probes = new CellCounts();
    this.path = [];
    this.#pathEvery = 1;
    this.changed = true;
  }

  /** All counts since the restart. */
  totals(): CellRows {
    const all = new CellCounts();
    all.merge(this.before.toRows());
    all.merge(this.since.toRows());
    return all.toRows();
  }

  /** Writes what a checkpoint holds of an open bucket that changed and begins `at` (seconds): a row for each arm that has counts. */
  write(bucket: number, at: number, writer: BlockWriter): void {
    const open = this.open.get(bucket);
    if (open?.dirty !== true) return;
    open.dirty = false;
    for (const arm of ARMS) {
      const cells = open[arm].toRows();
      if (cells.rows.length > 0) writer.add({ series: this.key, bucket: at, arm }, encodeCells(cells));
    }
  }

  /** What a checkpoint holds of the state: everything but open buckets. */
  toState(): string {
    const fields = Object.fromEntries(STORED.map((name) => [name, this[name]]));
    const counts = Object.fromEntries(COUNTED.map((name) => [name, this[name].toRows()]));
    const held = this.held?.toRows() ?? null;
    return toExactJson({ ...fields, ...counts, held, pathEvery: this.#pathEvery });
  }

  /** Takes a state from {@link toState}; false for a forgotten series. */
  fromState(text: string): boolean {
    const state = fromExactJson(text) as Partial<StoredState>;
    if (state.machine === undefined) return false;
    const whole = state as StoredState;
    for (const name of STORED) Object.assign(this, { [name]: whole[name] });
    for (const name of COUNTED) this[name] = countsOf(whole[name]);
    this.held = whole.held === null ? undefined : countsOf(whole.held);
    this.#pathEvery = whole.pathEvery;
    this.changed = false;
    return true;
  }
}

/** Fields that a checkpoint holds as they are. */
const STORED = [
  ...(['machine', 'verdictId', 'judge', 'evidence', 'highest', 'crossedAt', 'crossedCalls', 'restartAt'] as const),
  ...([
    'restartReason',
    'calls',
    'buckets',
    'late',
    'total',
    'opened',
    'onset',
    'gained',
    'recoverAt',
    'path',
  ] as const),
  ...(['checks', 'calm', 'advisory', 'examples', 'firstSeen'] as const),
];
const COUNTED = ['before', 'since', 'arm', 'probes'] as const;
type StoredState = Pick<EvidenceSeries, (typeof STORED)[number]> &
  Record<(typeof COUNTED)[number], CellRows> & { held: CellRows | null; pathEvery: number };

function countsOf(rows: CellRows): CellCounts {
  const counts = new CellCounts();
  counts.merge(rows);
  return counts;
}

/** Calls in plain counts. */
export function callsOf({ rows }: CellRows): number {
  let calls = 0;
  for (const [, , counts] of rows) for (const count of counts) calls += count;
  return calls;
}
