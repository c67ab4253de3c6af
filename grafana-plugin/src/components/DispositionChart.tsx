import React from 'react';
import type { Dispositions } from '../api/answers';
import { queries } from '../api/queries';
import { t } from '../i18n';
import { ChartLegend } from './ChartLegend';
import { Nothing } from './Nothing';
import { QueryView } from './QueryView';
import { Section } from './Section';
import { TimeSeries } from './TimeSeries';
import { useLiveQuery } from '../live/useLiveQuery';
import { dispositionFrame } from './dispositionFrame';
import { recent } from './recent';

const HEIGHT = 220;
/** The sentence above the chart is about this time, seconds. */
const RECENT = 600;

/** What came of verdicts in the last hour: of all guard-rails, or of one. */
export function DispositionChart({ guardrail }: { guardrail?: string }) {
  const query = useLiveQuery(queries.dispositions(guardrail));
  return (
    <Section
      title={t('overview.dispositions', 'What came of verdicts')}
      description={t(
        'overview.dispositions-hint',
        'Verdicts that are no pass, as processes report them, in the last hour and since the evaluator started. Longer in the metric guardspan_dispositions_total.',
      )}
    >
      <QueryView
        query={query}
        empty={{
          when: ({ items }) => items.every(({ counts }) => Object.keys(counts).length === 0),
          view: (
            <Nothing message={t('overview.no-dispositions', 'No verdict but passes in the last hour')}>
              {t('overview.no-dispositions-next', 'Calls that pass are counted in coverage.')}
            </Nothing>
          ),
        }}
      >
        {(data) => <Chart data={data} at={query.dataUpdatedAt / 1000} ofOne={guardrail !== undefined} />}
      </QueryView>
    </Section>
  );
}

function Chart({ data, at, ofOne }: { data: Dispositions; at: number; ofOne: boolean }) {
  const { calls, acted, would, open } = recent(data, at - RECENT);
  const numbers = {
    ...{ calls: calls.toLocaleString(), acted: acted.toLocaleString() },
    ...{ would: would.toLocaleString(), open: open.toLocaleString() },
  };
  const frame = dispositionFrame(data, at);
  return (
    <>
      <p>
        {ofOne
          ? t(
              'guardrail.recent',
              'In the last 10 minutes: {{calls}} guarded calls, {{acted}} times it acted, {{would}} times it would have acted, {{open}} times it could not decide and the call went on.',
              numbers,
            )
          : t(
              'overview.recent',
              'In the last 10 minutes: {{calls}} guarded calls, {{acted}} times a guard-rail acted, {{would}} times one would have acted, {{open}} times one could not decide and the call went on.',
              numbers,
            )}
      </p>
      <TimeSeries
        frame={frame}
        from={data.since}
        to={at}
        height={HEIGHT}
        sort="desc"
        fieldConfig={{
          defaults: {
            min: 0,
            decimals: 0,
            custom: { drawStyle: 'bars', fillOpacity: 70, lineWidth: 0, stacking: { mode: 'normal', group: 'A' } },
          },
          overrides: [],
        }}
      />
      <ChartLegend
        entries={frame.fields
          .slice(1)
          .map(({ name, config: { color } }) => ({ name, color: color?.fixedColor ?? 'text' }))}
      />
    </>
  );
}
