import { LinkedList } from './linked-list.js';
import type { Linked } from './linked-list.js';

/** A call that has not ended. */
export interface OpenCall extends Linked {
  /** On the monotonic clock, seconds. */
  readonly startedAt: number;
  /** Says that the call is open `elapsed` seconds after it started. Never throws. */
  tellOpen(elapsed: number): void;
}

/** Calls that are watched at most: what would hang in a process with more is not told. */
export const MAX_WATCHED = 10_000;

/**
 * The calls of this process that have not ended, in order of their start. Each is told once for each limit (seconds) that it passes, so that a call that hangs
 * is known as slow before it ends, and also when it never does. Adding, removing and passing a limit cost the same however many are open.
 */
export class OpenCalls {
  #limits: readonly number[] = [];
  /** `#waiting[i]` holds the calls that have passed the first `i` limits. */
  #waiting: LinkedList<OpenCall>[] = [];
  #size = 0;

  /** Calls watched. */
  get size(): number {
    return this.#size;
  }

  /** Sets the limits, in any order. Calls that are watched may be told again of limits that they have passed. */
  set limits(limits: readonly number[]) {
    const sorted = [...new Set(limits)].filter((limit) => limit > 0).sort((a, b) => a - b);
    if (sorted.length === this.#limits.length && sorted.every((limit, i) => limit === this.#limits[i])) return;
    const open: OpenCall[] = [];
    for (const calls of this.#waiting) for (const call of calls) open.push(call);
    open.sort((a, b) => a.startedAt - b.startedAt);
    this.#limits = sorted;
    this.#waiting = sorted.map(() => new LinkedList());
    this.#size = sorted.length === 0 ? 0 : open.length;
    for (const call of open) {
      call.list?.delete(call);
      this.#waiting[0]?.add(call);
    }
  }

  /** Watches a call that starts now. */
  add(call: OpenCall): void {
    const first = this.#waiting[0];
    if (first === undefined || this.#size >= MAX_WATCHED) return;
    first.add(call);
    this.#size++;
  }

  /** Forgets a call that has ended. */
  delete(call: OpenCall): void {
    if (call.list === null) return;
    call.list.delete(call);
    this.#size--;
  }

  /** Tells the calls that have passed a limit by `now`, seconds on the monotonic clock. */
  tick(now: number): void {
    // The longest limit first, so that a call that passes two at once is told once, by the time that it is open.
    for (let i = this.#waiting.length - 1; i >= 0; i--) {
      const calls = this.#waiting[i]!;
      for (let call = calls.first; call !== null; call = calls.first) {
        const elapsed = now - call.startedAt;
        if (elapsed <= this.#limits[i]!) break;
        calls.delete(call);
        this.#move(call, elapsed);
        call.tellOpen(elapsed);
      }
    }
  }

  /** Puts a call behind all limits that it has passed. */
  #move(call: OpenCall, elapsed: number): void {
    const next = this.#limits.findIndex((limit) => elapsed <= limit);
    if (next < 0) this.#size--;
    else this.#waiting[next]!.add(call);
  }
}
