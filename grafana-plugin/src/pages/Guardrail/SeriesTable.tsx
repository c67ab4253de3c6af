import { TextLink } from '@grafana/ui';
import React from 'react';
import type { SeriesState as Series } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { Scope } from '../../components/Scope';
import { Section } from '../../components/Section';
import { SeriesState } from '../../components/SeriesState';
import { When } from '../../components/When';
import { readable } from '../../components/numbers';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { paths } from '../../routing/routes';

const SHOWN = 100;

/** What a windowed guard-rail measures now, series by series: signals, or evidence against its threshold and whether the promise holds. */
export function SeriesTable({ guardrail }: { guardrail: string }) {
  const query = useLiveQuery(queries.series({ guardrail, limit: SHOWN }));
  return (
    <Section
      title={t('guardrail.series', 'Series')}
      description={t('guardrail.series-hint', 'What it measures now. At most {{count}} are shown.', { count: SHOWN })}
    >
      <QueryView
        query={query}
        empty={{
          when: ({ items }) => items.length === 0,
          view: (
            <Nothing message={t('guardrail.no-series', 'It counts no series now')}>
              {t(
                'guardrail.no-series-next',
                'It has some once calls match it. Fleet shows whether processes are connected.',
              )}
            </Nothing>
          ),
        }}
      >
        {({ items }) => (
          <Columns<Series>
            label={t('guardrail.series', 'Series')}
            keyOf={({ revision, series }) => `${revision} ${JSON.stringify(series)}`}
            rows={items}
            columns={[
              {
                title: t('guardrail.state', 'State'),
                cell: ({ state, verdictId }) =>
                  verdictId === '' ? (
                    <SeriesState state={state} />
                  ) : (
                    <TextLink href={paths.verdict(verdictId)} inline={false}>
                      {t('guardrail.why', '{{state}}: why', { state })}
                    </TextLink>
                  ),
              },
              { title: t('guardrail.of', 'Of'), cell: ({ series }) => <Scope of={series} /> },
              { title: t('guardrail.measured', 'Measured'), cell: describeMeasured },
              { title: t('guardrail.promise', 'Promise'), cell: ({ evidence }) => describePromise(evidence) },
              { title: t('guardrail.since', 'Since'), cell: ({ since }) => (since > 0 ? <When at={since} /> : '') },
            ]}
          />
        )}
      </QueryView>
    </Section>
  );
}

function describeMeasured({ signals, evidence }: Series): string {
  if (evidence !== undefined) {
    return t('guardrail.evidence', 'evidence {{value}} of {{threshold}} nats', {
      value: readable(evidence.value),
      threshold: readable(evidence.threshold),
    });
  }
  return Object.entries(signals)
    .map(([name, { value, samples }]) => `${name} ${readable(value)} (${readable(samples)})`)
    .join(' · ');
}

function describePromise(evidence: Series['evidence']): string {
  if (evidence === undefined) {
    return t('guardrail.none', 'none: a threshold');
  }
  const { status, reasons } = evidence.promise;
  return status === 'kept' ? t('guardrail.kept', 'kept') : [status, ...reasons].join(' · ');
}
