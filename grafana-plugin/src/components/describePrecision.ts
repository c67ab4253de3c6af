import type { Precision } from '../api/answers';
import { t } from '../i18n';
import { percent } from './numbers';

type Judged = Pick<Precision, 'verdicts' | 'right' | 'falseAlarm' | 'unclear' | 'precision' | 'lower' | 'upper'>;

/** How often people say that a guard-rail was right, in a sentence with its interval. */
export function describePrecision({ verdicts, right, falseAlarm, unclear, precision, lower, upper }: Judged): string {
  const judged = right + falseAlarm + unclear;
  const counts = t(
    'precision.counts',
    '{{judged}} of {{verdicts}} verdicts are judged: {{right}} right, {{falseAlarm}} false alarms, {{unclear}} unclear.',
    { judged, verdicts, right, falseAlarm, unclear },
  );
  const share =
    precision === null || lower === null || upper === null
      ? t('precision.unknown', 'Its precision is not known: nobody called one right or a false alarm.')
      : t('precision.share', 'Its precision is {{precision}} (95 % interval {{lower}} to {{upper}}).', {
          precision: percent(precision),
          lower: percent(lower),
          upper: percent(upper),
        });
  return `${counts} ${share}`;
}
