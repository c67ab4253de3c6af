import { LABELS, METRICS, OUTCOMES, type KnownLabel, type KnownMetric } from './metrics';
import type { Expr, Matcher } from './parse';
import { cannot, type Left } from './problem';

/** What a selector says in the language of guard-rails. */
export interface Selected {
  metric: KnownMetric;
  /** Without the ending. */
  name: string;
  part: 'bucket' | 'sum' | 'count' | 'total';
  field: string;
  /** Conditions on how calls ended, joined by `&&`; empty for all calls. */
  among: string;
  match: { [key in KnownLabel['match']]?: readonly string[] };
  window: string;
  left: readonly Left[];
}

/** Reads a selector. Throws a problem when it names something that is no number of model calls. */
export function select(expr: Expr): Selected {
  if (expr.kind !== 'selector') {
    throw cannot({ code: 'shape', about: expr.kind === 'other' ? expr.text : expr.kind });
  }
  const { metric: whole, matchers, window } = expr;
  const [, name = whole, ending = 'total'] = /^(.+?)(?:_(total|bucket|sum|count))?$/.exec(whole) ?? [];
  const metric = METRICS[name];
  if (metric === undefined) {
    throw cannot({ code: 'metric', about: whole });
  }
  const left: Left[] = [];
  const match: { [key in KnownLabel['match']]?: readonly string[] } = {};
  const among: string[] = [];
  let { field } = metric;
  for (const matcher of matchers) {
    const { label } = matcher;
    const known = LABELS[label];
    if (label === metric.fieldLabel?.label) {
      field = metric.fieldLabel.fields[matcher.op === '=' ? matcher.value : ''] ?? field;
    } else if (known !== undefined) {
      const globs = globsOf(matcher);
      if (globs === undefined) {
        left.push({ code: 'matcher', about: textOf(matcher) });
      } else if (globs.length > 0) {
        match[known.match] = globs;
      }
    } else if (OUTCOMES[label] !== undefined) {
      among.push(...outcomeOf(matcher));
    } else {
      left.push({ code: 'label', about: textOf(matcher) });
    }
  }
  if (metric.kind === 'calls' && !matchers.some(({ label }) => label === 'outcome')) {
    left.push({ code: 'refused', about: whole });
  }
  if (metric.kind !== 'calls' && field === '' && ending !== 'count') {
    throw cannot({ code: 'field', about: metric.fieldLabel?.label ?? '' });
  }
  const part = ending as Selected['part'];
  return { metric, name, part, field, among: [...new Set(among)].join(' && '), match, window, left };
}

/** Names and globs that a matcher stands for, none for everything; undefined when globs cannot say it. */
function globsOf({ op, value }: Matcher): string[] | undefined {
  if (op === '=') {
    return value === '' || value.includes('*') ? undefined : [value];
  }
  if (op === '!=') {
    return value === '' ? [] : undefined;
  }
  if (op === '!~') {
    return undefined;
  }
  const parts = value.replace(/^\((.*)\)$/, '$1').split('|');
  const globs = parts.map((part) => {
    const glob = part.replace(/\.[*+]/g, '*').replace(/\\(.)/g, '$1');
    // What is left of a regular expression that a glob cannot say.
    return /[()[\]{}^$?+|]/.test(part.replace(/\.[*+]/g, '').replace(/\\./g, '')) ? undefined : glob;
  });
  if (globs.includes(undefined)) {
    return undefined;
  }
  return globs.includes('*') ? [] : (globs as string[]);
}

/** Conditions for how calls ended, none for all of them. */
function outcomeOf(matcher: Matcher): string[] {
  const { label, op, value } = matcher;
  if (label === 'error_type' && value === '') {
    return op === '=' || op === '=~' ? ["error.type == ''"] : ["error.type != ''"];
  }
  if (label === 'error_type' && op === '=~' && /^\.\+$/.test(value)) {
    return ["error.type != ''"];
  }
  const values = op === '=' ? [value] : op === '=~' ? value.split('|') : [];
  // Calls that were refused are no calls of a model: they are in no signal.
  if (label === 'outcome' && op === '!=' && value === 'refused') {
    return [];
  }
  if (label === 'outcome' && [...values].sort().join() === 'answered,failed') {
    return [];
  }
  const condition = values.length === 1 && /^[\w.:/ -]+$/.test(values[0]!) ? OUTCOMES[label]?.(values[0]!) : undefined;
  if (condition === undefined) {
    throw cannot({ code: 'outcome', about: textOf(matcher) });
  }
  return [condition];
}

function textOf({ label, op, value }: Matcher): string {
  return `${label}${op}"${value}"`;
}
