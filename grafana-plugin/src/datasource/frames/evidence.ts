import { FieldColorModeId, FieldType, type DataFrame } from '@grafana/data';
import type { SeriesEvidence } from '../../api/answers';
import { t } from '../../i18n';
import type { Span } from '../range';

type Item = SeriesEvidence & { guardrail: string };

/** A frame for each series of a test: its evidence over time, in nats, and the threshold at which it acts. */
export function evidenceFrames(refId: string, items: readonly Item[], { from, to }: Span): DataFrame[] {
  return items.map(({ guardrail, series, evidence }) => {
    const path = evidence.path.filter(([at]) => at >= from && at <= to);
    const labels = { guardrail, ...series };
    const name = [guardrail, ...Object.values(series)].join(' · ');
    return {
      ...{ refId, name, length: path.length },
      fields: [
        { name: 'time', type: FieldType.time, config: {}, values: path.map(([at]) => at * 1000) },
        {
          ...{ name: 'evidence', type: FieldType.number, labels, values: path.map(([, value]) => value) },
          config: { unit: 'none', decimals: 1, displayNameFromDS: name },
        },
        {
          ...{ name: 'threshold', type: FieldType.number, labels, values: path.map(() => evidence.threshold) },
          config: {
            ...{ unit: 'none', decimals: 1 },
            displayNameFromDS: t('datasource.threshold-of', '{{name}}: threshold', { name }),
            color: { mode: FieldColorModeId.Fixed, fixedColor: 'red' },
            custom: { lineStyle: { fill: 'dash', dash: [10, 10] }, fillOpacity: 0 },
          },
        },
      ],
      meta: { preferredVisualisationType: 'graph' as const },
    };
  });
}
