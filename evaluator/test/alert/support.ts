import type { RevisedGuardrail } from '@guardspan/policy';
import { AlertBook } from '../../src/alert/alert-book.js';
import type { AlertBookOptions } from '../../src/alert/alert-book.js';
import type { AlertRow } from '../../src/alert/types.js';
import type { Transition } from '../../src/engine/types.js';
import { guardrailOf } from '../channel/support/guardrail.js';

export const TRACE = '0af7651916cd43dd8448eb211c80319c';
export const LINKS = { evaluator: 'https://guard.example', docs: 'https://docs.example', grafana: '', trace: '' };

/** A windowed guard-rail with labels. */
export function guarded(
  name: string,
  labels: { [name: string]: string } = {},
  mode: 'off' | 'dryrun' | 'warn' | 'enforce' = 'warn',
): RevisedGuardrail {
  const revised = guardrailOf(name, {
    description: 'Few calls fail.',
    over: { window: '60s', every: '0s', groupBy: ['model'], signals: { failed: { ratio: "error.type != ''" } } },
    when: 'failed > 0.5',
    action: { annotate: { attributes: { seen: 'failed' } } },
    mode,
  });
  const { guardrail } = revised;
  return { ...revised, guardrail: { ...guardrail, metadata: { ...guardrail.metadata, labels } } };
}

/** A change of state of one series. */
export function change(guardrail: string, to: Transition['to'], at: number, model = 'risk', trace = TRACE): Transition {
  return {
    ...{ verdictId: `${guardrail}-${model}`, at, guardrail, revision: 'r', series: { model } },
    ...{ from: 'ok', to, code: 'condition', message: '', trace: [], signals: {}, exampleTraceIds: [trace] },
  };
}

/** A book over guard-rails that a test may change. */
export function bookOf(
  guardrails: readonly RevisedGuardrail[],
  options: Partial<AlertBookOptions> = {},
): { book: AlertBook; inForce: Map<string, RevisedGuardrail> } {
  const inForce = new Map(guardrails.map((one) => [one.guardrail.metadata.name, one]));
  const book = new AlertBook({
    ...{ hold: 120, linger: 300, budget: 10, links: LINKS },
    guardrail: (name) => inForce.get(name),
    ...options,
  });
  return { book, inForce };
}

/** What is open, by the name of the alert and its guard-rail. */
export function open(rows: readonly AlertRow[]): string[] {
  return rows
    .filter(({ endedAt }) => endedAt === 0)
    .map(({ labels }) => [labels['alertname'], labels['guardrail']].filter(Boolean).join(' '))
    .sort();
}
