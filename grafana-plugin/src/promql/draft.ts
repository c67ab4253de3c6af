import { stringify } from 'yaml';
import type { Translation } from './translate';

/** The longest name that a document may have. */
const NAME = 63;

/**
 * The text of a guard-rail that says what a query says. It annotates and is in dryrun: a query does not say what to do.
 *
 * @param title Of the panel; empty for a query without one.
 * @param threshold In units of the signal.
 */
export function draftOf(translation: Translation, title: string, threshold: number): string {
  const { match, groupBy, window, name, signal, op } = translation;
  const { far, near } = around(threshold, op);
  const document = {
    apiVersion: 'guardspan/v1alpha1',
    kind: 'Guardrail',
    metadata: { name: nameOf(title), managedBy: 'ui' },
    spec: {
      description: title === '' ? 'Made from a query of Prometheus.' : `Made from the panel "${title}".`,
      match,
      over: { window: durationOf(window), groupBy, signals: { [name]: signal } },
      when: `${name} ${op} ${literal(threshold)}`,
      action: { annotate: { attributes: { 'guardrail.note': nameOf(title) } } },
      mode: 'dryrun',
      tests: [
        { name: 'violated', given: { signals: { [name]: far } }, expect: { action: 'annotate' } },
        { name: 'respected', given: { signals: { [name]: near } }, expect: { action: 'allow' } },
      ],
    },
  };
  return stringify(document, { lineWidth: 0, singleQuote: true });
}

/** A value that the condition holds for, and one that it does not. */
function around(threshold: number, op: Translation['op']): { far: number; near: number } {
  const step = threshold === 0 ? 1 : Math.abs(threshold) / 2;
  const up = op.startsWith('>');
  const [above, below] = [threshold + step, threshold - step].map((value) => Number(value.toPrecision(6)));
  return { far: up ? above! : below!, near: up ? below! : above! };
}

function nameOf(title: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, NAME)
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'from-a-query' : name;
}

/** A number as conditions have them: all are doubles. */
function literal(value: number): string {
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function durationOf(seconds: number): string {
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    if (seconds % size === 0) {
      return `${seconds / size}${unit}`;
    }
  }
  return Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`;
}
