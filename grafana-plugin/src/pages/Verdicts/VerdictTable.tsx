import { TextLink } from '@grafana/ui';
import React from 'react';
import type { Verdict } from '../../api/answers';
import { Columns } from '../../components/Columns';
import { Drill } from '../../components/Drill';
import { Scope } from '../../components/Scope';
import { SeriesState } from '../../components/SeriesState';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { paths } from '../../routing/routes';

/** Verdicts in the order given, each with a link to what explains it. */
export function VerdictTable({ verdicts }: { verdicts: readonly Verdict[] }) {
  return (
    <Columns<Verdict>
      label={t('verdicts.title', 'Verdicts')}
      keyOf={({ id }) => id}
      rows={verdicts}
      columns={[
        {
          title: t('verdicts.state', 'State'),
          cell: ({ state, releasedAt }) => <SeriesState state={releasedAt > 0 ? 'released' : state} />,
        },
        {
          title: t('verdicts.guardrail', 'Guard-rail'),
          cell: ({ id, guardrail }) => (
            <>
              <TextLink href={paths.verdict(id)} inline={false}>
                {guardrail}
              </TextLink>
              <Drill of={guardrail} />
            </>
          ),
        },
        { title: t('verdicts.series', 'Series'), cell: ({ series }) => <Scope of={series} /> },
        { title: t('verdicts.action', 'Action'), cell: ({ action }) => action },
        { title: t('verdicts.disposition', 'Disposition'), cell: ({ disposition }) => disposition },
        { title: t('verdicts.since', 'Since'), cell: ({ firstAt }) => <When at={firstAt} /> },
        { title: t('verdicts.why', 'Why'), cell: ({ message }) => message },
      ]}
    />
  );
}
