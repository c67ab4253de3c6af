import type { CallIdentity, CallValue, ModelCall, NeededFact } from '@guardspan/policy';
import type { LateFact, SeriesCheckpoint } from '../types.js';
import { fromExactJson, toExactJson } from './exact-json.js';

/** A call that waits for its truths or groups. */
interface Waiting {
  call: ModelCall;
  id: CallIdentity;
  /** Seconds; when it came. */
  at: number;
}

/** Keys of calls that wait begin with this in a checkpoint. */
const WAITING = '~';
/** Calls and early facts that are kept at most; the oldest leave first. */
const MAX_WAITING = 200_000;

/** Joins late truths and groups to the calls of one guard-rail. A call is counted when its last fact has come. */
export class FactJoin {
  readonly #needs: readonly NeededFact[];
  readonly #waiting = new Map<string, Waiting>();
  /** Facts that came before their call. */
  readonly #early = new Map<string, LateFact[]>();
  readonly #changed = new Set<string>();
  /** Calls that had all their facts in the end, and calls given up. */
  joined = 0;
  lost = 0;

  constructor(needs: readonly NeededFact[]) {
    this.#needs = needs;
  }

  /** Calls that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** The call with the facts that came before it if it can be counted now; else it waits, or is lost when nothing could be joined to it. */
  admit(call: ModelCall, id: CallIdentity, now: number): ModelCall | undefined {
    if (this.#needs.length === 0 || this.#complete(call)) return call;
    const keys = keysOf(id);
    if (keys.length === 0) {
      this.lost++;
      return undefined;
    }
    let whole = call;
    for (const key of keys) {
      for (const fact of this.#early.get(key) ?? []) whole = withFact(whole, fact);
      this.#early.delete(key);
    }
    if (this.#complete(whole)) {
      this.joined++;
      return whole;
    }
    this.#wait(keys[0]!, { call: whole, id, at: now });
    return undefined;
  }

  /** Takes a fact; gives the call when it was the last that it waited for. */
  accept(fact: LateFact): ModelCall | undefined {
    if (!this.#needs.some(({ kind, name }) => kind === fact.kind && name === fact.name)) return undefined;
    const keys = keysOf(fact);
    const key = keys.find((one) => this.#waiting.has(one));
    if (key === undefined) {
      const first = keys[0];
      if (first === undefined) return undefined;
      const list = this.#early.get(first) ?? [];
      if (list.length < 16) list.push(fact);
      this.#early.set(first, list);
      if (this.#early.size > MAX_WAITING) this.#early.delete(this.#early.keys().next().value!);
      return undefined;
    }
    const waiting = this.#waiting.get(key)!;
    const call = withFact(waiting.call, fact);
    if (!this.#complete(call)) {
      this.#wait(key, { ...waiting, call });
      return undefined;
    }
    this.#waiting.delete(key);
    this.#changed.add(key);
    this.joined++;
    return call;
  }

  /** True when the call of this fact waits here. */
  knows(fact: LateFact): boolean {
    return keysOf(fact).some((key) => this.#waiting.has(key));
  }

  /** Hands over what changed since the last time; the state is empty for calls that wait no more. */
  take(revision: string, states: SeriesCheckpoint[]): void {
    for (const key of this.#changed) {
      const waiting = this.#waiting.get(key);
      const state = waiting === undefined ? '{}' : toExactJson(waiting);
      states.push({ revision, series: WAITING + key, state });
    }
    this.#changed.clear();
  }

  /** Loads a row that {@link take} gave; false when it is a row of something else. */
  restore({ series, state }: SeriesCheckpoint): boolean {
    if (!series.startsWith(WAITING)) return false;
    const key = series.slice(WAITING.length);
    const waiting = fromExactJson(state) as Partial<Waiting>;
    if (waiting.call === undefined) this.#waiting.delete(key);
    else this.#waiting.set(key, waiting as Waiting);
    return true;
  }

  #wait(key: string, waiting: Waiting): void {
    this.#waiting.set(key, waiting);
    this.#changed.add(key);
    if (this.#waiting.size <= MAX_WAITING) return;
    const oldest = this.#waiting.keys().next().value!;
    this.#waiting.delete(oldest);
    this.#changed.add(oldest);
    this.lost++;
  }

  #complete(call: ModelCall): boolean {
    return this.#needs.every(({ kind, name }) => Object.hasOwn(kind === 'truth' ? call.truth : call.group, name));
  }
}

function keysOf({ traceId, spanId, callId }: CallIdentity): string[] {
  const keys: string[] = [];
  if (callId !== '') keys.push(`c:${callId}`);
  if (traceId !== '' && spanId !== '') keys.push(`t:${traceId}:${spanId}`);
  return keys;
}

/** The call with a fact that came later. */
export function withFact(call: ModelCall, { kind, name, value }: Pick<LateFact, 'kind' | 'name' | 'value'>): ModelCall {
  if (kind === 'group') return { ...call, group: { ...call.group, [name]: value } };
  return { ...call, truth: { ...call.truth, [name]: truthOf(value) } };
}

/** Facts are stored as text; conditions compare them as what they were. */
function truthOf(value: string): CallValue {
  if (value === 'true' || value === 'false') return value === 'true';
  const number = Number(value);
  return value.trim() !== '' && Number.isFinite(number) && String(number) === value ? number : value;
}
