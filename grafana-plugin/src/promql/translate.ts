import { LABELS } from './metrics';
import { parsePromQl, type Expr } from './parse';
import { cannot, Untranslatable, type Left, type Problem } from './problem';
import { select, type Selected } from './selector';

/** A signal, as a document has it. */
export type Signal = { [key: string]: string | number };

/** What a query says, in the language of guard-rails. */
export interface Translation {
  match: Selected['match'];
  groupBy: readonly string[];
  /** Seconds. */
  window: number;
  name: string;
  signal: Signal;
  op: '>' | '>=' | '<' | '<=';
  /** In units of the signal; undefined when neither query nor panel has one. */
  threshold: number | undefined;
  left: readonly Left[];
}

/** Metrics that show a guard-rail that is there already. */
const OWN = /^guardspan_(signal|evidence|guardrail|verdict)/;
const MIRRORED: { [op: string]: Translation['op'] } = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' };
/** Parts of one query that are about the same calls. */
type Measured = Omit<Translation, 'op' | 'threshold' | 'groupBy'> & {
  /** What the query shows is this many times the signal. */
  factor: number;
  by: readonly string[] | 'all' | undefined;
  known: readonly string[];
};

/**
 * Translates a query of Prometheus. Nothing is added to what it says: what cannot be said is refused, or stands in `left`.
 *
 * @param panelThreshold The threshold of the panel, in the units that it shows; used where the query compares with nothing.
 */
export function translate(text: string, panelThreshold?: number): Translation | Problem {
  try {
    const parsed = parsePromQl(text);
    if (parsed === undefined) {
      throw cannot({ code: 'syntax', about: text });
    }
    const { value, op, threshold } = comparisonOf(parsed.expr, panelThreshold);
    const { factor, by, known, ...measured } = measure(value);
    const left: Left[] = [...measured.left];
    if (parsed.chosen) {
      left.push({ code: 'window', about: '5m' });
    }
    const scaled = threshold === undefined ? undefined : rounded(threshold / factor);
    return { ...measured, op, threshold: scaled, groupBy: groupsOf(by, known, left), left };
  } catch (error) {
    if (error instanceof Untranslatable) {
      return error.problem;
    }
    throw error;
  }
}

function comparisonOf(
  expr: Expr,
  panelThreshold: number | undefined,
): { value: Expr; op: Translation['op']; threshold: number | undefined } {
  if (expr.kind === 'binary' && MIRRORED[expr.op] !== undefined) {
    const { left, right } = expr;
    if (right.kind === 'number') {
      return { value: left, op: expr.op as Translation['op'], threshold: right.value };
    }
    if (left.kind === 'number') {
      return { value: right, op: MIRRORED[expr.op]!, threshold: left.value };
    }
    throw cannot({ code: 'comparison', about: expr.op });
  }
  return { value: expr, op: '>', threshold: panelThreshold };
}

function measure(whole: Expr): Measured {
  const { expr, factor } = unscaled(whole);
  if (factor !== 1) {
    const inner = measure(expr);
    return { ...inner, factor: inner.factor * factor };
  }
  if (expr.kind === 'binary' && expr.op === '/') {
    return quotient(expr.left, expr.right);
  }
  if (expr.kind === 'call' && expr.name === 'histogram_quantile') {
    return quantile(expr.args);
  }
  if (expr.kind === 'selector' && OWN.test(expr.metric)) {
    throw cannot({ code: 'own', about: expr.metric });
  }
  if (expr.kind === 'other' || expr.kind === 'number') {
    throw cannot({ code: 'shape', about: expr.kind === 'other' ? expr.text : String(expr.value) });
  }
  return counted(expr);
}

/** A part without the numbers that it is multiplied with or divided by: people show milliseconds and percent. */
function unscaled(expr: Expr): { expr: Expr; factor: number } {
  if (expr.kind !== 'binary' || (expr.op !== '*' && expr.op !== '/')) {
    return { expr, factor: 1 };
  }
  const { left, right, op } = expr;
  if (right.kind === 'number' && right.value > 0) {
    const inner = unscaled(left);
    return { expr: inner.expr, factor: op === '*' ? inner.factor * right.value : inner.factor / right.value };
  }
  if (left.kind === 'number' && left.value > 0 && op === '*') {
    const inner = unscaled(right);
    return { expr: inner.expr, factor: inner.factor * left.value };
  }
  if (op === '/') {
    // `100 * a / b` is `(100 * a) / b`.
    const above = unscaled(left);
    return above.factor === 1 ? { expr, factor: 1 } : { expr: { ...expr, left: above.expr }, factor: above.factor };
  }
  return { expr, factor: 1 };
}

/** `histogram_quantile(0.95, sum by (le) (rate(m_bucket[5m])))` */
function quantile([q, inner]: readonly Expr[]): Measured {
  if (q?.kind !== 'number' || inner === undefined || q.value <= 0 || q.value >= 1) {
    throw cannot({ code: 'shape', about: 'histogram_quantile' });
  }
  const { selected, by } = rate(inner);
  if (selected.part !== 'bucket') {
    throw cannot({ code: 'shape', about: `${selected.name}_${selected.part}` });
  }
  const name = `p${String(rounded(q.value * 100)).replace('.', '_')}`;
  return measured(selected, by, name, { quantile: q.value, of: selected.field, ...among(selected.among) });
}

/** `sum(rate(m_sum[5m])) / sum(rate(m_count[5m]))`, or a share of calls. */
function quotient(above: Expr, below: Expr): Measured {
  const top = rate(above);
  const bottom = rate(below);
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const { selected: part } = top;
  const { selected: whole } = bottom;
  if (!same([part.name, part.match, part.window, top.by], [whole.name, whole.match, whole.window, bottom.by])) {
    throw cannot({ code: 'shape', about: '/' });
  }
  if (part.part === 'sum' && whole.part === 'count' && part.among === whole.among) {
    return measured(part, top.by, 'mean', { mean: part.field, ...among(part.among) });
  }
  const isCalls = (one: Selected) => one.part === 'count' || one.metric.kind === 'calls';
  if (isCalls(part) && isCalls(whole) && part.among !== '' && whole.among === '') {
    // What of both is about the same labels stands in the numerator already.
    const refused = whole.left.filter(({ code }) => code === 'refused');
    return measured({ ...part, left: [...part.left, ...refused] }, top.by, 'share', { ratio: part.among });
  }
  throw cannot({ code: 'shape', about: '/' });
}

/** `sum(rate(m_total[5m]))`, `sum(increase(m_total[5m]))` */
function counted(expr: Expr): Measured {
  const { selected, by, perSecond } = rate(expr);
  if (selected.part === 'bucket') {
    throw cannot({ code: 'shape', about: `${selected.name}_bucket` });
  }
  if (selected.metric.kind === 'calls' || selected.part === 'count') {
    const of = selected.among === '' ? 'true' : selected.among;
    return measured(selected, by, 'calls', perSecond ? { rate: of } : { count: of });
  }
  const sum = measured(selected, by, 'total', { sum: selected.field, ...among(selected.among) });
  // A guard-rail sums over its window: what the panel shows per second is a part of that.
  return perSecond
    ? { ...sum, factor: 1 / sum.window, left: [...sum.left, { code: 'per-second', about: selected.window }] }
    : sum;
}

/** The rate or the increase of a counter, summed or not. */
function rate(expr: Expr): { selected: Selected; by: Measured['by']; perSecond: boolean } {
  if (expr.kind === 'aggregate') {
    if (expr.op !== 'sum' || expr.args.length !== 1) {
      throw cannot({ code: 'aggregation', about: expr.op });
    }
    const inner = rate(expr.args[0]!);
    if (inner.by !== 'all') {
      throw cannot({ code: 'shape', about: 'sum' });
    }
    return { ...inner, by: expr.by };
  }
  if (expr.kind === 'call' && ['rate', 'increase'].includes(expr.name) && expr.args.length === 1) {
    const selected = select(expr.args[0]!);
    if (selected.window === '') {
      throw cannot({ code: 'window', about: expr.name });
    }
    return { selected, by: 'all', perSecond: expr.name === 'rate' };
  }
  if (expr.kind === 'selector') {
    // Names the metric when it is not one of model calls, which says more than that it is not a rate.
    select(expr);
  }
  throw cannot({
    code: 'shape',
    about: expr.kind === 'other' ? expr.text : expr.kind === 'call' ? expr.name : expr.kind,
  });
}

function measured(selected: Selected, by: Measured['by'], name: string, signal: Signal): Measured {
  const { match, left, window } = selected;
  const isOurs = selected.name.startsWith('guardspan_');
  const known = isOurs ? ['service', 'environment', 'model', 'model_version'] : ['service', 'model', 'operation'];
  return { match, left, window: secondsOf(window), name, signal, factor: 1, by, known };
}

function among(condition: string): Signal {
  return condition === '' ? {} : { among: condition };
}

/** What tells series apart: the labels of `by`, none where everything is summed up, all that a metric has where nothing is. */
function groupsOf(by: Measured['by'], known: readonly string[], left: Left[]): string[] {
  if (by === 'all') {
    left.push({ code: 'groups', about: known.join(', ') });
    return [...known];
  }
  const groups: string[] = [];
  for (const label of (by ?? []).filter((one) => one !== 'le')) {
    const group = LABELS[label]?.group;
    if (group === undefined) {
      left.push({ code: 'group', about: label });
    } else if (!groups.includes(group)) {
      groups.push(group);
    }
  }
  return groups;
}

const UNITS: { [unit: string]: number } = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

function secondsOf(window: string): number {
  const parts = [...window.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g)];
  const seconds =
    parts.length === 0 ? Number(window) : parts.reduce((sum, [, n, unit]) => sum + Number(n) * UNITS[unit!]!, 0);
  if (!(seconds >= 1) || seconds > 30 * UNITS['d']!) {
    throw cannot({ code: 'window', about: window });
  }
  return seconds;
}

/** Without the noise of binary fractions. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
