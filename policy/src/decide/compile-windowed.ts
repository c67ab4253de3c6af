import type { ModelCall } from '../call/model-call.js';
import { compileCondition } from '../condition/compile-condition.js';
import type { VariableType, Variables } from '../condition/variables.js';
import { CALL_VARIABLES, paramVariables } from '../condition/variables.js';
import type { Scoping } from '../document/scoping-types.js';
import type { Over, RevisedGuardrail, SignalFunction } from '../document/types.js';
import { GuardspanError } from '../error.js';
import { scopeReader } from '../match/scope.js';
import { compileCounted } from './compile-calls.js';
import type { CountedCalls } from './compile-calls.js';
import type { TraceStep } from './types.js';

/** Values that a windowed condition reads: one entry for each signal in each map. NaN where there is none. */
export interface SignalEnv {
  value: { [signal: string]: number };
  samples: { [signal: string]: number };
  /** Wilson interval, ratio signals only. */
  lower: { [signal: string]: number };
  upper: { [signal: string]: number };
}

/** A signal that is ready to be counted. */
export interface CompiledSignal {
  readonly name: string;
  readonly fn: SignalFunction;
  /** 0..1 for quantiles, NaN otherwise. */
  readonly q: number;
  readonly confidence: number;
  /** Equal for two signals only if `among` and `of` give the same for every call. */
  readonly expression: string;
  /** Whether the call enters at all. Never throws: a call that cannot be judged does not enter. */
  among(call: ModelCall): boolean;
  /** The number; 0 or 1 for count, rate and ratio. NaN: leave the call out. Never throws. */
  of(call: ModelCall): number;
}

/** A windowed guard-rail that is ready to be counted and judged. */
export interface CompiledWindowed extends RevisedGuardrail, CountedCalls {
  readonly name: string;
  readonly over: Over;
  /** Values of `groupBy`, in its order. */
  seriesValues(call: ModelCall): string[];
  readonly signals: readonly CompiledSignal[];
  breach(env: SignalEnv): boolean;
  recovered(env: SignalEnv): boolean;
  trace(env: SignalEnv): TraceStep[];
  message(env: SignalEnv): string;
  /** Names of the signals that the conditions read; each needs `minSamples`. */
  readonly reads: readonly string[];
  /** Names of the ratio signals of which the conditions read `lower` or `upper`. */
  readonly readsInterval: readonly string[];
  /** True when a signal reads a protected group: no example traces are kept then. */
  readonly readsGroup: boolean;
}

/** A condition that cannot be judged is neither a breach nor a recovery. */
const NOT_JUDGED = false;

/** Variables of `when` and `until` of a windowed guard-rail: its signals, and `params`. */
export function windowedVariables(over: Over, params?: Scoping['params']): Variables {
  const names = Object.keys(over.signals);
  const fields = (chosen: readonly string[]): VariableType =>
    Object.fromEntries(chosen.map((name) => [name, 'double' as const]));
  const ratios = names.filter((name) => over.signals[name]!.fn === 'ratio');
  return {
    ...Object.fromEntries(names.map((name) => [name, 'double' as const])),
    samples: fields(names),
    lower: fields(ratios),
    upper: fields(ratios),
    ...paramVariables(params),
  };
}

/** True for functions whose argument is a condition rather than a number. */
export function takesCondition(fn: SignalFunction): boolean {
  return fn === 'count' || fn === 'rate' || fn === 'ratio';
}

/**
 * Compiles a windowed guard-rail.
 * @throws GuardspanError with the code of the expression that cannot be compiled
 */
export function compileWindowed(revised: RevisedGuardrail): CompiledWindowed {
  const { spec, metadata } = revised.guardrail;
  const { over } = spec;
  if (over === null)
    throw new GuardspanError('GUARDSPAN_NOT_WINDOWED', `${metadata.name} has no window`, 'it has `at`');
  let readsGroup = false;
  const { params } = spec;
  const ofCall = { ...CALL_VARIABLES, ...paramVariables(params) };
  const signals = Object.entries(over.signals).map(([name, signal]): CompiledSignal => {
    const among = compileCondition(signal.among, ofCall, 'bool', 'evaluator');
    const condition = takesCondition(signal.fn) ? compileCondition(signal.of, ofCall, 'bool', 'evaluator') : null;
    const number = condition === null ? compileCondition(signal.of, ofCall, 'double', 'evaluator') : null;
    for (const expression of [among, condition, number])
      if (expression?.roots.includes('group') === true) readsGroup = true;
    const constant = [among, condition, number].some((expression) => expression?.roots.includes('params') === true);
    const contextOf = constant ? (call: ModelCall): object => ({ ...call, params }) : (call: ModelCall): object => call;
    const all = signal.among.trim() === 'true';
    const always = condition !== null && signal.of.trim() === 'true';
    return {
      name,
      fn: signal.fn,
      q: signal.q ?? NaN,
      confidence: signal.confidence,
      expression: JSON.stringify([condition !== null, signal.among, signal.of, ...(constant ? [params] : [])]),
      among: all
        ? () => true
        : (call) => {
            try {
              return among.evaluate(contextOf(call));
            } catch {
              return false;
            }
          },
      of: always
        ? () => 1
        : (call) => {
            try {
              const context = contextOf(call);
              return condition !== null ? (condition.evaluate(context) ? 1 : 0) : number!.evaluate(context);
            } catch {
              return NaN;
            }
          },
    };
  });
  const variables = windowedVariables(over, params);
  const when = compileCondition(spec.when, variables, 'bool', 'evaluator');
  const until = spec.until === '' ? null : compileCondition(spec.until, variables, 'bool', 'evaluator');
  const readers = over.groupBy.map((field) => scopeReader(field));
  const reads = new Set<string>();
  const readsInterval = new Set<string>();
  for (const condition of until === null ? [when] : [when, until]) {
    for (const path of condition.paths) {
      if (path.startsWith('params')) continue;
      const name = path.includes('.') ? path.slice(path.indexOf('.') + 1) : path;
      if (Object.hasOwn(over.signals, name)) reads.add(name);
      if (/^(lower|upper)\./.test(path)) readsInterval.add(name);
    }
  }
  const contextOf = contextReader(Object.keys(over.signals), params);
  return {
    ...revised,
    name: metadata.name,
    over,
    ...compileCounted(revised.guardrail),
    seriesValues: (call) => readers.map((read) => read(call)),
    signals,
    breach: (env) => {
      try {
        return when.evaluate(contextOf(env));
      } catch {
        return NOT_JUDGED;
      }
    },
    recovered: (env) => {
      try {
        return until === null ? !when.evaluate(contextOf(env)) : until.evaluate(contextOf(env));
      } catch {
        return NOT_JUDGED;
      }
    },
    trace: (env) => when.trace(contextOf(env)),
    message: (env) => messageOf(spec.message, metadata.name, env),
    reads: [...reads],
    readsInterval: [...readsInterval],
    readsGroup,
  };
}

/** Makes the context of conditions; one object for all judgements of a guard-rail, because each series is judged again with each batch. */
function contextReader(names: readonly string[], params: Scoping['params']): (env: SignalEnv) => object {
  const context: { [name: string]: unknown } = params === undefined ? {} : { params };
  for (const name of names) context[name] = NaN;
  return ({ value, samples, lower, upper }) => {
    for (let i = 0; i < names.length; i++) context[names[i]!] = value[names[i]!];
    context.samples = samples;
    context.lower = lower;
    context.upper = upper;
    return context;
  };
}

function messageOf(template: string, name: string, env: SignalEnv): string {
  if (template === '') return `guard-rail ${name} found a violation`;
  return template.replace(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, key: string) =>
    Object.hasOwn(env.value, key) ? String(Math.round(env.value[key]! * 1000) / 1000) : whole,
  );
}
