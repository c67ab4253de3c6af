import { APP_METRICS, exportedName, METRICS } from '@guardspan/evaluator';
import type { MetricDefinition } from '@guardspan/evaluator';

type Metric = (typeof METRICS)[number] | (typeof APP_METRICS)[number];

/** OpenTelemetry name of a metric of the contract. */
export type MetricName = Metric['name'];

/** Labels that the contract gives a metric. */
export type LabelOf<Name extends MetricName> = Extract<Metric, { name: Name }>['labels'][number];

/** What a label has to be: a value, alternatives joined by `|`, or a variable; `!` before it turns it round. */
export type Matchers<Name extends MetricName> = { readonly [Label in LabelOf<Name>]?: string };

const DEFINITIONS = new Map<string, MetricDefinition>(
  ([...METRICS, ...APP_METRICS] as readonly MetricDefinition[]).map((metric) => [metric.name, metric]),
);

/** Labels of a metric, as the contract lists them. */
export function labelsOf(name: MetricName): readonly string[] {
  return DEFINITIONS.get(name)!.labels;
}

/** A PromQL selector. `part` is the series of a histogram. */
export function selector<Name extends MetricName>(
  name: Name,
  matchers: Matchers<Name> = {},
  part: '' | '_bucket' | '_count' | '_sum' = '',
): string {
  const written = Object.entries<string | undefined>(matchers).flatMap(([label, value]) =>
    value === undefined ? [] : [`${label}${matcher(value)}`],
  );
  const braces = written.length === 0 ? '' : `{${written.join(', ')}}`;
  return `${exportedName(DEFINITIONS.get(name)!)}${part}${braces}`;
}

function matcher(value: string): string {
  const negated = value.startsWith('!');
  const text = negated ? value.slice(1) : value;
  const pattern = /[|$*]/.test(text);
  if (pattern) return `${negated ? '!~' : '=~'}"${text}"`;
  return `${negated ? '!=' : '='}"${text}"`;
}
