import { FIELD_PHASE } from '../call/field-phase.js';
import { fieldReader } from '../call/field-reader.js';
import type { CallValue, ModelCall } from '../call/model-call.js';
import { compileCondition } from '../condition/compile-condition.js';
import { CALL_VARIABLES, paramVariables } from '../condition/variables.js';
import type { Variables } from '../condition/variables.js';
import type { Evidence, EvidenceTest } from '../document/evidence-types.js';
import type { Over, RevisedGuardrail } from '../document/types.js';
import { GuardspanError } from '../error.js';
import { scopeReader } from '../match/scope.js';
import { compileCounted } from './compile-calls.js';
import type { CountedCalls } from './compile-calls.js';

/** Units into which the range of a mean is divided: sums stay exact integers. */
export const MEAN_UNITS = 2 ** 20;
/** Bins of the histogram of a mean. */
export const MEAN_BINS = 64;
/** Category that takes what a baseline does not list, and calls that lack the field. */
export const OTHER = '__other__';

/** How one call enters the counts of a test. Filled in by {@link CompiledEvidence.observe}. */
export interface Observation {
  /** JSON of the values of `strata`; empty without strata. */
  stratum: string;
  /** Value of the group attribute; empty for tests without groups. */
  group: string;
  /** `rate`, `latency`, `rateGap`: 0 or 1. `mean`: bin 0..63. `drift` and `association` of numbers: bin. Categories: -1, see `category`. */
  column: number;
  /** Category, for `drift` and `association` without edges. */
  category: string;
  /** `mean`: 0..MEAN_UNITS, rounded away from the breach. Else 0. */
  units: number;
}

/** A late fact that a test needs before it can count a call. */
export interface NeededFact {
  kind: 'truth' | 'group';
  name: string;
}

/** A guard-rail with a test, ready to be counted. */
export interface CompiledEvidence extends RevisedGuardrail, CountedCalls {
  readonly name: string;
  readonly over: Over;
  readonly evidence: Evidence;
  /** Values of `groupBy`, in its order. */
  seriesValues(call: ModelCall): string[];
  /** Fills `into`; false when the call does not enter. Never throws: a call that cannot be judged does not enter. */
  observe(call: ModelCall, into: Observation): boolean;
  /** Truths and group labels that the test reads. */
  readonly needs: readonly NeededFact[];
  /** True for a latency test that reads nothing of the answer: a call that is open for longer than `within` enters it before it ends. */
  readonly takesOpen: boolean;
  /** True when the test reads a protected group: no example traces are kept then. */
  readonly readsGroup: boolean;
  /** Readers of `explainBy`, in its order; missing values read as empty text. */
  readonly explainers: readonly ((call: ModelCall) => string)[];
}

/** An observation to be filled again and again. */
export function createObservation(): Observation {
  return { stratum: '', group: '', column: 0, category: '', units: 0 };
}

/**
 * Compiles a guard-rail with a test.
 * @throws GuardspanError with the code of the expression that cannot be compiled
 */
export function compileEvidence(revised: RevisedGuardrail): CompiledEvidence {
  const { spec, metadata } = revised.guardrail;
  const { over } = spec;
  if (over?.evidence === undefined)
    throw new GuardspanError('GUARDSPAN_NOT_WINDOWED', `${metadata.name} has no test`, 'it has `when` or `at`');
  const { evidence } = over;
  const { test } = evidence;
  const needs: NeededFact[] = [];
  const need = (path: string): void => {
    const [root, name] = [path.slice(0, path.indexOf('.')), path.slice(path.indexOf('.') + 1)];
    const known = needs.some((one) => one.kind === root && one.name === name);
    if ((root === 'truth' || root === 'group') && name !== '' && !known) needs.push({ kind: root, name });
  };
  const { params } = spec;
  const reads: Reads = {
    variables: { ...CALL_VARIABLES, ...paramVariables(params) },
    contextOf: params === undefined ? (call) => call : (call) => ({ ...call, params }),
  };
  const among = compileCondition(test.among, reads.variables, 'bool', 'evaluator');
  among.paths.forEach(need);
  const enters: (call: ModelCall) => boolean =
    test.among.trim() === 'true' ? () => true : (call) => attempt(() => among.evaluate(reads.contextOf(call)), false);
  const put = outcomeOf(test, reads, need);
  const grouped = test.type === 'rateGap' || test.type === 'association';
  const attribute = grouped ? test.attribute : '';
  if (grouped) need(`group.${attribute}`);
  const groups = test.type === 'rateGap' && test.groups.length > 0 ? new Set(test.groups) : undefined;
  const strata = grouped ? test.strata.map(textReader) : [];
  const readers = over.groupBy.map((field) => scopeReader(field));
  return {
    ...revised,
    name: metadata.name,
    over,
    evidence,
    ...compileCounted(revised.guardrail),
    seriesValues: (call) => readers.map((read) => read(call)),
    observe(call, into) {
      if (!enters(call)) return false;
      if (grouped) {
        const group = call.group[attribute] ?? '';
        if (group === '' || (groups !== undefined && !groups.has(group))) return false;
        into.group = group;
        into.stratum = strata.length === 0 ? '' : JSON.stringify(strata.map((read) => read(call)));
      }
      return put(call, into);
    },
    needs,
    takesOpen: test.type === 'latency' && among.paths.every(knownAtRequest),
    readsGroup: needs.some(({ kind }) => kind === 'group'),
    explainers: evidence.explainBy.map(textReader),
  };
}

function knownAtRequest(path: string): boolean {
  const root = path.split('.')[0]!;
  return root === 'params' || FIELD_PHASE[root] === 'request';
}

/** Number of the bin of a value: edges are upper ends, included; one more bin than edges. */
export function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What expressions of a test may read, and how they get it. */
interface Reads {
  variables: Variables;
  contextOf: (call: ModelCall) => object;
}

function outcomeOf(
  test: EvidenceTest,
  { variables, contextOf }: Reads,
  need: (path: string) => void,
): (call: ModelCall, into: Observation) => boolean {
  switch (test.type) {
    case 'rate':
    case 'rateGap': {
      const of = compileCondition(test.of, variables, 'bool', 'evaluator');
      of.paths.forEach(need);
      return (call, into) => {
        try {
          into.column = of.evaluate(contextOf(call)) ? 1 : 0;
          return true;
        } catch {
          return false;
        }
      };
    }
    case 'latency':
      return (call, into) => {
        into.column = call.duration <= test.within ? 0 : 1;
        return !Number.isNaN(call.duration);
      };
    case 'mean': {
      const of = compileCondition(test.of, variables, 'double', 'evaluator');
      of.paths.forEach(need);
      const [low, high] = test.range;
      // Rounded towards the limit's safe side, so that the bet can only lose by it.
      const round = test.direction === 'up' ? Math.floor : Math.ceil;
      return (call, into) => {
        const x = (attempt(() => of.evaluate(contextOf(call)), NaN) - low) / (high - low);
        if (Number.isNaN(x)) return false;
        into.units = Math.min(MEAN_UNITS, Math.max(0, round(x * MEAN_UNITS)));
        into.column = Math.min(MEAN_BINS - 1, Math.floor((into.units / MEAN_UNITS) * MEAN_BINS));
        return true;
      };
    }
    case 'drift': {
      const read = fieldReader(test.of)!;
      if (/^(truth|group)\./.test(test.of)) need(test.of);
      const { edges, categories } = test.baseline;
      if (edges.length > 0) return numberPutter(read, edges);
      const known = new Set(categories);
      return (call, into) => {
        const text = textOf(read(call));
        into.column = -1;
        into.category = known.has(text) ? text : OTHER;
        return true;
      };
    }
    case 'association': {
      const read = fieldReader(test.of)!;
      if (/^(truth|group)\./.test(test.of)) need(test.of);
      if (test.edges.length > 0) return numberPutter(read, test.edges);
      return (call, into) => {
        into.column = -1;
        into.category = textOf(read(call));
        return into.category !== '';
      };
    }
  }
}

function numberPutter(
  read: (call: ModelCall) => CallValue,
  edges: readonly number[],
): (call: ModelCall, into: Observation) => boolean {
  return (call, into) => {
    const value = read(call);
    if (typeof value !== 'number' || Number.isNaN(value)) return false;
    into.column = binOf(value, edges);
    return true;
  };
}

function attempt<T>(run: () => T, otherwise: T): T {
  try {
    return run();
  } catch {
    return otherwise;
  }
}

function textReader(path: string): (call: ModelCall) => string {
  const read = fieldReader(path);
  return read === undefined ? () => '' : (call) => textOf(read(call));
}

function textOf(value: CallValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
