import { createModelCall } from '../call/create-model-call.js';
import type { ModelCall } from '../call/model-call.js';
import type { DetectorUse } from '../document/types.js';
import type { CompiledCounter, CompiledScoping } from './applicable.js';
import type { DetectorResults } from './compile-inline.js';
import type { LimitOf } from './tool-limit.js';
import { limitedKey } from './use-key.js';

/** What a counter comes to for the call that is judged. */
export type TotalOf = (counter: CompiledCounter) => number;

/** Makes what the condition of one guard-rail reads: the call's fields, `params`, a result for each detector and a number for each counter. */
export type InlineContext = (call: ModelCall, results: DetectorResults, total: TotalOf) => object;

interface Source {
  call: ModelCall;
  results: DetectorResults;
  total: TotalOf;
}

// A symbol, so that no field, detector or counter can have its name.
const SOURCE = Symbol('source');

const MAX_SHARED = 1024;
/** By what they read: guard-rails with the same uses and nothing else share theirs, so that a call that several of them judge has one context. */
const shared = new Map<string, InlineContext>();

/**
 * Everything is a getter on a prototype that is made once: a call costs one small object, and detectors run and counters are read only when the condition reaches
 * them.
 */
export function compileContext(
  uses: Readonly<Record<string, DetectorUse>>,
  scoping: CompiledScoping | null,
  limitOf: LimitOf,
): InlineContext {
  if (scoping !== null) return contextOf(uses, scoping, limitOf);
  const key = JSON.stringify(Object.entries(uses).map(([name, use]) => [name, limitedKey(use, limitOf(name))]));
  let context = shared.get(key);
  if (context === undefined) {
    if (shared.size >= MAX_SHARED) shared.clear();
    shared.set(key, (context = contextOf(uses, null, limitOf)));
  }
  return context;
}

function contextOf(
  uses: Readonly<Record<string, DetectorUse>>,
  scoping: CompiledScoping | null,
  limitOf: LimitOf,
): InlineContext {
  class Context {
    readonly [SOURCE]: Source;
    constructor(source: Source) {
      this[SOURCE] = source;
    }
  }
  const define = (name: string, read: (source: Source) => unknown): void => {
    Object.defineProperty(Context.prototype, name, {
      enumerable: true,
      get(this: Context) {
        return read(this[SOURCE]);
      },
    });
  };
  for (const field of FIELDS) define(field, ({ call }) => call[field]);
  if (scoping !== null && scoping.params !== null) define('params', () => scoping.params);
  for (const counter of scoping?.counters ?? []) define(counter.name, ({ total }) => total(counter));
  for (const [name, use] of Object.entries(uses)) {
    const limit = limitOf(name);
    const key = limitedKey(use, limit);
    define(name, ({ results }) => results.summary(use, limit, key));
  }
  return (call, results, total) => new Context({ call, results, total });
}

const FIELDS = Object.keys(createModelCall()) as (keyof ModelCall)[];
