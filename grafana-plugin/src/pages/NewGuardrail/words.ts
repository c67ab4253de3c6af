import { t } from '../../i18n';
import type { Left, Problem } from '../../promql/problem';

/** Why a query is no guard-rail, and what can be done. */
export function problemInWords({ code, about }: Problem): string {
  switch (code) {
    case 'syntax':
      return t('query.problem.syntax', 'It is no PromQL that can be read, or a variable in it has no value.');
    case 'metric':
      return t(
        'query.problem.metric',
        '"{{about}}" does not count model calls. Metrics that do are those of the evaluator (guardspan_model_…) and of the GenAI conventions (gen_ai_client_…).',
        { about },
      );
    case 'own':
      return t(
        'query.problem.own',
        '"{{about}}" shows a guard-rail that is there already. Open it, or duplicate it, from the list.',
        { about },
      );
    case 'field':
      return t(
        'query.problem.field',
        'It adds up different numbers. Name one of them in the query, with the label {{about}}.',
        { about },
      );
    case 'outcome':
      return t(
        'query.problem.outcome',
        'No signal counts calls by {{about}}. Calls that were refused are in no signal: nobody asked the model.',
        { about },
      );
    case 'window':
      return t('query.problem.window', 'A window of "{{about}}" is not one that a guard-rail can have.', { about });
    case 'aggregation':
      return t(
        'query.problem.aggregation',
        'Guard-rails sum over calls; they have nothing like {{about}} over series. Each series can be judged by itself: take the aggregation away.',
        { about },
      );
    case 'comparison':
      return t(
        'query.problem.comparison',
        'It compares two measurements. A guard-rail compares one with a number; a test of the language compares with a baseline.',
      );
    case 'shape':
      return t(
        'query.problem.shape',
        'The part "{{about}}" has no counterpart. What can be translated: histogram_quantile, means (_sum by _count), shares of calls, and sums of rate or increase.',
        { about },
      );
  }
}

/** What of a query the guard-rail does not say. */
export function leftInWords({ code, about }: Left): string {
  switch (code) {
    case 'label':
      return t('query.left-label', '{{about}}: calls have no such field, so it is about more of them.', { about });
    case 'matcher':
      return t('query.left-matcher', '{{about}}: its globs cannot say this, so it is about more calls.', { about });
    case 'group':
      return t('query.left-group', 'by {{about}}: series are not told apart by it.', { about });
    case 'window':
      return t('query.left-window', 'The window is {{about}}: in the panel Grafana chooses it.', { about });
    case 'groups':
      return t('query.left-groups', 'Series are told apart by {{about}}: the query keeps every label.', { about });
    case 'refused':
      return t(
        'query.left-refused',
        '{{about}} counts refused calls too; signals do not, because nobody asked the model.',
        { about },
      );
    case 'per-second':
      return t(
        'query.left-per-second',
        'It sums up over {{about}}, where the query shows a rate per second; the threshold is that of the sum.',
        { about },
      );
  }
}
