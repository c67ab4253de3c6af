import React from 'react';
import type { Coverage } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { describeGap } from '../../components/describeGap';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';

type Gap = Coverage['gaps'][number];
const SHOWN = 8;

/** What calls are seen and not guarded, the most frequent first. */
export function CoverageGaps() {
  const query = useLiveQuery(queries.coverage());
  return (
    <Section
      title={t('overview.gaps', 'Not guarded')}
      description={t('overview.gaps-hint', 'Calls that were seen and that no guard-rail looked at.')}
    >
      <QueryView
        query={query}
        empty={{
          when: ({ gaps }) => gaps.length === 0,
          view: (
            <Nothing message={t('overview.no-gap', 'No gap is known')}>
              {t('overview.no-gap-next', 'Services that send neither reports nor spans are not seen at all.')}
            </Nothing>
          ),
        }}
      >
        {({ gaps }) => (
          <Columns<Gap>
            label={t('overview.gaps', 'Not guarded')}
            keyOf={({ service, reason, name }) => `${service} ${reason} ${name}`}
            rows={[...gaps].sort((a, b) => b.count - a.count).slice(0, SHOWN)}
            columns={[
              { title: t('overview.service', 'Service'), cell: ({ service }) => service },
              { title: t('overview.reason', 'Reason'), cell: ({ reason }) => describeGap(reason) },
              { title: t('overview.name', 'What'), cell: ({ name }) => name },
              { title: t('overview.calls', 'Calls'), cell: ({ count }) => count.toLocaleString() },
            ]}
          />
        )}
      </QueryView>
    </Section>
  );
}
