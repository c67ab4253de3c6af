import { createRequire } from 'node:module';
import type { LoadedPolicy } from '@open-policy-agent/opa-wasm';
import { Breaker, GuardspanError } from '@guardspan/policy/runtime';
import type { RegoAnswer, RegoInput } from '@guardspan/policy/runtime';
import type { Bundle } from './read-bundle.js';
import type { EngineState, WasmEngine } from './types.js';

/** Milliseconds that an evaluation should take at most, when the configuration says nothing. */
export const DEFAULT_BUDGET = 2;
/** Evaluations over the budget, one after another, after which the engine is demoted: its guard-rails are decided by `onError`. */
const PATIENCE = 10;
/** Seconds of a demotion, after which one evaluation is tried. */
const DEMOTION = 30;
/** 64 MiB. */
const MEMORY = { initial: 5, maximum: 1024 };
/**
 * Built-ins outside the module that the JavaScript host implements as OPA does. The host also has `regex.split`, on a backtracking engine whose time a text can
 * make unbounded: a policy that uses it is refused.
 */
const SUPPORTED: readonly string[] = ['json.is_valid', 'sprintf', 'yaml.is_valid', 'yaml.marshal', 'yaml.unmarshal'];

/** What {@link createWasmEngine} is given. */
export interface WasmEngineOptions {
  name: string;
  bundle: Bundle;
  /** Milliseconds. */
  budget?: number;
  /** Seconds, monotonic. */
  now: () => number;
}

// The types of WebAssembly belong to the library of browsers.
const wasm = (globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } }).WebAssembly;

interface Exports {
  builtins(): number;
  opa_json_dump(address: number): number;
}

/**
 * A compiled policy, evaluated in this thread. WebAssembly cannot be interrupted, so a policy that is over its budget many times in a row is not asked any more
 * for a while, and its guard-rails go through the failure table.
 * @throws GuardspanError GUARDSPAN_REGO_BUNDLE when the module cannot be loaded, GUARDSPAN_REGO_BUILTIN when it needs built-ins that do not exist here
 */
export function createWasmEngine({ name, bundle, budget = DEFAULT_BUDGET, now }: WasmEngineOptions): WasmEngine {
  let module: object;
  let policy: LoadedPolicy;
  try {
    module = new wasm.Module(bundle.wasm);
    policy = instance(module, bundle);
  } catch (error) {
    throw new GuardspanError(
      'GUARDSPAN_REGO_BUNDLE',
      `the policy of ${name} cannot be loaded: ${textOf(error)}`,
      'build it with a current opa',
    );
  }
  refuseBuiltins(policy, name);
  const breaker = new Breaker({ failures: PATIENCE, openFor: DEMOTION });
  const counts = { asked: 0, failed: 0, slow: 0, refused: 0 };

  const evaluate = (path: string, input: RegoInput): RegoAnswer => {
    try {
      const result = policy.evaluate(input, path) as { result?: unknown }[];
      return { value: result[0]?.result };
    } catch (error) {
      counts.failed += 1;
      // What the module left in its memory is unknown.
      policy = instance(module, bundle);
      return { failure: 'detector_error', message: `the policy of ${name} failed: ${textOf(error)}` };
    }
  };

  return {
    kind: 'wasm',
    ask(path, input): RegoAnswer {
      if (!Object.hasOwn(policy.entrypoints as object, path))
        return { failure: 'detector_error', message: `the bundle of ${name} has no entry point ${path}` };
      if (!breaker.admit(now())) {
        counts.refused += 1;
        return { failure: 'deadline', message: `the policy of ${name} is too slow to be asked on each call` };
      }
      counts.asked += 1;
      const before = now();
      const answer = evaluate(path, input);
      const after = now();
      if ((after - before) * 1000 > budget) {
        counts.slow += 1;
        breaker.failed(after);
      } else breaker.succeeded();
      return answer;
    },
    state: (): EngineState => ({ revision: bundle.revision, ...counts, out: breaker.state(now()) !== 'closed' }),
  };
}

function instance(module: object, bundle: Bundle): LoadedPolicy {
  // Loaded by the first bundle: applications without Rego do not pay for it.
  const { loadPolicySync } = createRequire(import.meta.url)('@open-policy-agent/opa-wasm') as {
    loadPolicySync: (module: object, memory: typeof MEMORY) => LoadedPolicy;
  };
  const loaded = loadPolicySync(module, { ...MEMORY });
  loaded.setData(bundle.data);
  return loaded;
}

// The module finds out at evaluation that a built-in is missing; who loads it must know before.
function refuseBuiltins(policy: LoadedPolicy, name: string): void {
  const exports = (policy.wasmInstance as unknown as { exports: Exports }).exports;
  const start = exports.opa_json_dump(exports.builtins());
  const bytes = new Uint8Array(policy.mem.buffer, start);
  const text = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  const missing = Object.keys(JSON.parse(text) as object).filter((builtin) => !SUPPORTED.includes(builtin));
  if (missing.length === 0) return;
  throw new GuardspanError(
    'GUARDSPAN_REGO_BUILTIN',
    `the policy of ${name} uses built-ins that do not exist in this process: ${missing.sort().join(', ')}`,
    'pass the value in the input or the data, or ask an OPA server instead',
  );
}

// The SDK throws strings and plain objects.
function textOf(error: unknown): string {
  const text = typeof error === 'string' ? error : ((error as { message?: unknown } | null)?.message ?? 'no reason');
  return String(text).slice(0, 200);
}
