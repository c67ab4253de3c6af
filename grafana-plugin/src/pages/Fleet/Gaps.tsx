import { Stack } from '@grafana/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import React from 'react';
import type { Coverage } from '../../api/answers';
import { Columns } from '../../components/Columns';
import { describeGap } from '../../components/describeGap';
import { Nothing } from '../../components/Nothing';
import { percent } from '../../components/numbers';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { t } from '../../i18n';

type Gap = Coverage['gaps'][number];
interface ServiceRow {
  service: string;
  guarded: number;
  unguarded: { [reason: string]: number };
}
/** Named gaps that are shown, the most frequent first. */
const SHOWN = 30;

/** Calls that were seen and not guarded: by service and reason, and by name. */
export function Gaps({ query }: { query: UseQueryResult<Coverage, Error> }) {
  return (
    <Section
      title={t('fleet.gaps', 'Coverage')}
      description={t(
        'fleet.gaps-hint',
        'Calls of each service since the evaluator started: guarded, and seen without a guard, by reason.',
      )}
    >
      <QueryView
        query={query}
        empty={{
          when: ({ rows, gaps }) => rows.length + gaps.length === 0,
          view: (
            <Nothing message={t('fleet.no-calls', 'No call was reported yet')}>
              {t(
                'fleet.no-calls-next',
                'Processes report each second. Services that send nothing are not seen at all.',
              )}
            </Nothing>
          ),
        }}
      >
        {({ rows, gaps }) => (
          <Stack direction="column" gap={2}>
            <Columns<ServiceRow>
              label={t('fleet.gaps', 'Coverage')}
              keyOf={({ service }) => service}
              rows={byService(rows)}
              columns={[
                { title: t('fleet.service', 'Service'), cell: ({ service }) => service },
                { title: t('fleet.guarded', 'Guarded'), cell: ({ guarded }) => guarded.toLocaleString() },
                { title: t('fleet.unguarded', 'Not guarded, by reason'), cell: Reasons },
                { title: t('fleet.share', 'Coverage'), cell: Share },
              ]}
            />
            {gaps.length > 0 && (
              <Columns<Gap>
                label={t('fleet.named-gaps', 'What is not guarded')}
                keyOf={({ service, reason, name }) => `${service} ${reason} ${name}`}
                rows={[...gaps].sort((a, b) => b.count - a.count).slice(0, SHOWN)}
                columns={[
                  { title: t('fleet.what', 'What'), cell: ({ name }) => name },
                  { title: t('fleet.service', 'Service'), cell: ({ service }) => service },
                  { title: t('fleet.reason', 'Reason'), cell: ({ reason }) => describeGap(reason) },
                  { title: t('fleet.calls', 'Calls'), cell: (gap) => gap.count.toLocaleString() },
                ]}
              />
            )}
          </Stack>
        )}
      </QueryView>
    </Section>
  );
}

function byService(rows: Coverage['rows']): ServiceRow[] {
  const services = new Map<string, ServiceRow>();
  for (const { service, guarded, unguarded } of rows) {
    const row = services.get(service) ?? { service, guarded: 0, unguarded: {} };
    services.set(service, row);
    row.guarded += guarded;
    for (const [reason, calls] of Object.entries(unguarded)) {
      row.unguarded[reason] = (row.unguarded[reason] ?? 0) + calls;
    }
  }
  return [...services.values()].sort((a, b) => a.service.localeCompare(b.service));
}

function Reasons({ unguarded }: ServiceRow) {
  const reasons = Object.entries(unguarded).filter(([, calls]) => calls > 0);
  return (
    <>
      {reasons.length === 0
        ? '–'
        : reasons.map(([reason, calls]) => `${describeGap(reason)}: ${calls.toLocaleString()}`).join(' · ')}
    </>
  );
}

function Share({ guarded, unguarded }: ServiceRow) {
  const made = guarded + Object.values(unguarded).reduce((sum, calls) => sum + calls, 0);
  return <>{made === 0 ? '–' : percent(guarded / made)}</>;
}
