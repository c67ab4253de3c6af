import { Combobox, Field, Stack } from '@grafana/ui';
import React, { useState, type ReactNode } from 'react';
import type { GuardrailView, SeriesEvidence, SeriesState } from '../../api/answers';
import { queries } from '../../api/queries';
import { EvidenceChart } from '../../components/EvidenceChart';
import { PromiseStatus } from '../../components/PromiseStatus';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { TimeChart } from '../../components/TimeChart';
import { readable } from '../../components/numbers';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { thresholdsOf } from './thresholds';
import { useSamples } from './useSamples';

/**
 * What a windowed guard-rail measures over time: the evidence of a test with its promise, or the signals of a threshold. Nothing while it counts no
 * series, which the table below says.
 */
export function Measured({ view, tested }: { view: GuardrailView; tested: boolean }) {
  return tested ? <Evidence guardrail={view.name} /> : <Signals view={view} />;
}

function Evidence({ guardrail }: { guardrail: string }) {
  const query = useLiveQuery(queries.evidence(guardrail));
  if (query.data?.items.length === 0) {
    return null;
  }
  return (
    <Section
      title={t('measured.evidence', 'Evidence')}
      description={t(
        'measured.evidence-hint',
        'In nats, against the threshold that the promise sets: it acts when the line crosses.',
      )}
    >
      <QueryView query={query}>
        {({ items }) => (
          <OneOf<SeriesEvidence> items={items}>
            {({ promise, evidence, summary, counters, needed }) => (
              <>
                <PromiseStatus {...promise} />
                <EvidenceChart path={evidence.path} threshold={evidence.threshold} />
                <p>
                  {summary}{' '}
                  {t('measured.numbers', 'Evidence {{value}} of {{threshold}} nats over {{calls}} calls.', {
                    value: readable(evidence.value),
                    threshold: readable(evidence.threshold),
                    calls: counters.calls.toLocaleString(),
                  })}{' '}
                  {needed !== null &&
                    needed > 0 &&
                    t('measured.needed', 'At this rate {{calls}} more calls are needed at least.', {
                      calls: needed.toLocaleString(),
                    })}
                </p>
              </>
            )}
          </OneOf>
        )}
      </QueryView>
    </Section>
  );
}

/** Series that are followed. */
const FOLLOWED = 20;

function Signals({ view }: { view: GuardrailView }) {
  const query = useLiveQuery(queries.series({ guardrail: view.name, limit: FOLLOWED }));
  const samples = useSamples(query.data?.items, query.dataUpdatedAt / 1000);
  const thresholds = thresholdsOf(view.guardrail);
  if (query.data?.items.length === 0) {
    return null;
  }
  return (
    <Section
      title={t('measured.signals', 'Signals')}
      description={t(
        'measured.signals-hint',
        'Since this page was opened; longer in the dashboards. A threshold makes no promise about false alarms.',
      )}
    >
      <QueryView query={query}>
        {({ items }) => (
          <OneOf<SeriesState> items={items}>
            {({ series, signals }) => {
              const path = samples.get(JSON.stringify(series)) ?? [];
              return Object.entries(signals).map(([name, { value, samples: calls }]) => (
                <div key={name}>
                  <TimeChart
                    times={path.map(({ at }) => at)}
                    lines={[
                      { name, values: path.map((sample) => sample.values[name] ?? null) },
                      ...(thresholds[name] ?? []).map((limit) => ({
                        name: t('measured.limit', 'Threshold {{limit}}', { limit: readable(limit) }),
                        values: path.map(() => limit),
                      })),
                    ]}
                  />
                  <p>
                    {t('measured.now', '{{name}} is {{value}} over {{calls}} calls', {
                      name,
                      value: readable(value),
                      calls: readable(calls),
                    })}
                    {(thresholds[name] ?? []).length > 0 &&
                      `; ${t('measured.limits', 'the condition compares it with {{limits}}', { limits: thresholds[name]!.map(readable).join(', ') })}`}
                    .
                  </p>
                </div>
              ));
            }}
          </OneOf>
        )}
      </QueryView>
    </Section>
  );
}

/** One of several series, chosen by the user. Those that fire come first. */
function OneOf<T extends { series: { [field: string]: string }; state: string }>({
  items,
  children,
}: {
  items: readonly T[];
  children: (item: T) => ReactNode;
}) {
  const keyOf = ({ series }: T) => JSON.stringify(series);
  const sorted = [...items].sort((a, b) => Number(a.state === 'ok') - Number(b.state === 'ok'));
  const [chosen, setChosen] = useState<string>();
  const item = sorted.find((one) => keyOf(one) === chosen) ?? sorted[0]!;
  return (
    <Stack direction="column" gap={2}>
      {sorted.length > 1 && (
        <Field label={t('measured.series', 'Series')} noMargin>
          <Combobox
            id="measured-series"
            options={sorted.map((one) => ({
              value: keyOf(one),
              label: `${Object.values(one.series).join(' · ')} (${one.state})`,
            }))}
            value={keyOf(item)}
            onChange={({ value }) => setChosen(value)}
          />
        </Field>
      )}
      {children(item)}
    </Stack>
  );
}
