import { METRIC } from '@guardspan/policy';
import { FAST } from './metric-definition.js';
import type { MetricDefinition } from './metric-definition.js';

/** Metrics about directives: how many there are, how fast they arrive, and whether they are carried out. */
export const DIRECTIVE_METRICS = [
  {
    name: METRIC.DIRECTIVES,
    kind: 'counter',
    unit: '{directive}',
    labels: ['guardrail', 'action'],
    meaning: 'Directives issued.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.DIRECTIVES_ACTIVE,
    kind: 'gauge',
    unit: '{directive}',
    labels: ['guardrail'],
    meaning: 'Directives in force.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.DIRECTIVES_PENDING,
    kind: 'gauge',
    unit: '{directive}',
    labels: ['guardrail'],
    meaning: 'Actions that wait for a person.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.DIRECTIVES_UNCONFIRMED,
    kind: 'gauge',
    unit: '{directive}',
    labels: ['guardrail'],
    meaning:
      'Directives in force for more than 10 s that a connected process which they reach, for as long, has not confirmed to apply.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.DENIALS_UNENFORCED,
    kind: 'counter',
    unit: '{call}',
    labels: ['guardrail', 'reason'],
    meaning:
      'Calls that passed although a guard-rail in `enforce` refused them (deny, shutdown, throttle): the process may not or cannot refuse them (`forbidden_here`, `unsupported_here`), the directive was `stale`, a person stopped it (`killed`), the process had confirmed a shutdown and its call shows nothing of it (`ignored`), or has no package of ours (`unguarded`). Each begins at 0.',
    bound: 'guard-rails x 6',
  },
  {
    name: METRIC.PROPAGATION,
    kind: 'histogram',
    unit: 's',
    labels: [],
    meaning:
      'Time from the receipt of the record that crossed a threshold to the confirmation of a process that it applies the directive.',
    bound: '1',
    buckets: FAST,
  },
] as const satisfies readonly MetricDefinition[];
