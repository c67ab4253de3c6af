import type { CallIdentity } from '@guardspan/policy';
import type { SeriesCheckpoint } from '../types.js';

/** Keys of calls that were counted while they were open begin with this in a checkpoint. */
const OPEN = '^';
/** Calls that are remembered at most, and for how long (seconds); the oldest leave first. */
const MAX_REMEMBERED = 50_000;
const REMEMBERED_FOR = 3600;

/** Calls of one guard-rail that were counted as slow while they were open: when they end they are not counted again. */
export class OpenRecord {
  /** By key, when they were counted, seconds; oldest first. */
  readonly #counted = new Map<string, number>();
  readonly #changed = new Set<string>();

  /** Calls remembered. */
  get size(): number {
    return this.#counted.size;
  }

  /** Remembers a call; false when it is already, or has no id by which its end could be recognised. */
  add(id: CallIdentity, now: number): boolean {
    const key = keyOf(id);
    if (key === '' || this.#counted.has(key)) return false;
    this.#counted.set(key, now);
    this.#changed.add(key);
    for (const [oldest, at] of this.#counted) {
      if (this.#counted.size <= MAX_REMEMBERED && at > now - REMEMBERED_FOR) break;
      this.#forget(oldest);
    }
    return true;
  }

  /** True when this call, which has ended, was counted already; it is forgotten then. */
  take(id: CallIdentity): boolean {
    const key = keyOf(id);
    if (!this.#counted.has(key)) return false;
    this.#forget(key);
    return true;
  }

  /** Hands over what changed since the last time; the state is empty for calls that have ended. */
  checkpoint(revision: string, states: SeriesCheckpoint[]): void {
    for (const key of this.#changed) {
      const at = this.#counted.get(key);
      states.push({ revision, series: OPEN + key, state: at === undefined ? '{}' : JSON.stringify({ at }) });
    }
    this.#changed.clear();
  }

  /** Loads a row that {@link checkpoint} gave; false when it is a row of something else. */
  restore({ series, state }: SeriesCheckpoint): boolean {
    if (!series.startsWith(OPEN)) return false;
    const { at } = JSON.parse(state) as { at?: number };
    if (at !== undefined) this.#counted.set(series.slice(OPEN.length), at);
    return true;
  }

  #forget(key: string): void {
    this.#counted.delete(key);
    this.#changed.add(key);
  }
}

function keyOf({ traceId, spanId }: CallIdentity): string {
  return traceId === '' || spanId === '' ? '' : traceId + spanId;
}
