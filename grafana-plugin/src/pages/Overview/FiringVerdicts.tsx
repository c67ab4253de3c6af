import { TextLink } from '@grafana/ui';
import React from 'react';
import type { Verdict } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { Drill } from '../../components/Drill';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { Scope } from '../../components/Scope';
import { Section } from '../../components/Section';
import { SeriesState } from '../../components/SeriesState';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { paths } from '../../routing/routes';

/** Verdicts that hold, or the newest ones when none does: what just happened is what people come to see. */
export function FiringVerdicts() {
  const query = useLiveQuery(queries.verdicts({ limit: 8 }));
  return (
    <Section
      title={t('overview.verdicts', 'Newest verdicts')}
      description={t('overview.verdicts-hint', 'Of windowed guard-rails; released ones have ended.')}
    >
      <QueryView
        query={query}
        empty={{
          when: ({ items }) => items.length === 0,
          view: (
            <Nothing message={t('overview.no-verdict', 'No windowed guard-rail was ever violated')}>
              {t('overview.no-verdict-next', 'Verdicts stay on record when they are over.')}
            </Nothing>
          ),
        }}
      >
        {({ items }) => (
          <Columns<Verdict>
            label={t('overview.verdicts', 'Newest verdicts')}
            keyOf={({ id }) => id}
            rows={items}
            columns={[
              {
                title: t('overview.state', 'State'),
                cell: ({ state, releasedAt }) => <SeriesState state={releasedAt > 0 ? 'released' : state} />,
              },
              {
                title: t('overview.guardrail', 'Guard-rail'),
                cell: ({ id, guardrail }) => (
                  <>
                    <TextLink href={paths.verdict(id)} inline={false}>
                      {guardrail}
                    </TextLink>
                    <Drill of={guardrail} />
                  </>
                ),
              },
              { title: t('overview.series', 'Series'), cell: ({ series }) => <Scope of={series} /> },
              { title: t('overview.disposition', 'Disposition'), cell: ({ disposition }) => disposition },
              { title: t('overview.since', 'Since'), cell: ({ firstAt }) => <When at={firstAt} /> },
              { title: t('overview.why', 'Why'), cell: ({ message }) => message },
            ]}
          />
        )}
      </QueryView>
    </Section>
  );
}
