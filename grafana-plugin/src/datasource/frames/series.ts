import { FieldType, type DataFrame } from '@grafana/data';
import { z } from 'zod';
import type { SeriesState } from '../../api/answers';
import { t } from '../../i18n';
import { seriesColumns, table } from './columns';

const bound = z.number().nullable().catch(null);
/** Ends of an interval, which only ratios have. */
const interval = z.looseObject({ lower: bound, upper: bound }).catch({ lower: null, upper: null });

/** A table of what series measure now: a row for each signal, or for the evidence of a test. */
export function seriesFrame(refId: string, items: readonly SeriesState[]): DataFrame {
  const rows = items.flatMap((one) => {
    const signals = Object.entries(one.signals).map(([signal, value]) => ({
      ...{ one, signal, value: value.value, samples: value.samples, threshold: null as number | null, promise: '' },
      ...interval.parse(value),
    }));
    const { evidence } = one;
    return evidence === undefined
      ? signals
      : [
          ...signals,
          {
            ...{ one, signal: 'evidence', value: evidence.value, samples: null, threshold: evidence.threshold },
            ...{ promise: evidence.promise.status, lower: null, upper: null },
          },
        ];
  });
  const number = { type: FieldType.number, config: { unit: 'none' } };
  return table(refId, rows, [
    {
      ...{ name: 'guardrail', title: t('verdicts.guardrail', 'Guard-rail'), type: FieldType.string },
      value: ({ one }) => one.guardrail,
    },
    ...seriesColumns(rows, ({ one }) => one.series),
    { name: 'state', title: t('verdicts.state', 'State'), type: FieldType.string, value: ({ one }) => one.state },
    { name: 'since', title: t('verdicts.since', 'Since'), type: FieldType.time, value: ({ one }) => one.since },
    { name: 'signal', title: t('datasource.signal', 'Signal'), type: FieldType.string, value: ({ signal }) => signal },
    { ...number, name: 'value', title: t('datasource.value', 'Value'), value: ({ value }) => value },
    { ...number, name: 'lower', title: t('datasource.lower', 'At least'), value: ({ lower }) => lower },
    { ...number, name: 'upper', title: t('datasource.upper', 'At most'), value: ({ upper }) => upper },
    {
      ...{
        name: 'samples',
        title: t('datasource.samples', 'Calls'),
        type: FieldType.number,
        config: { unit: 'short' },
      },
      value: ({ samples }) => samples,
    },
    {
      ...number,
      name: 'threshold',
      title: t('datasource.threshold', 'Threshold'),
      value: ({ threshold }) => threshold,
    },
    {
      name: 'promise',
      title: t('datasource.promise', 'Promise'),
      type: FieldType.string,
      value: ({ promise }) => promise,
    },
  ]);
}
