import { Badge } from '@grafana/ui';
import React from 'react';
import type { AuditRecord, Directive, VerdictDetail } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { describeAction } from '../../components/describeAction';
import { describeRecord } from '../../components/describeRecord';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { Scope } from '../../components/Scope';
import { Section } from '../../components/Section';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';

/** What was ordered because of it and by how many processes it is done, and what is on record about it. */
export function Done({ verdict }: { verdict: VerdictDetail }) {
  const directives = useLiveQuery(queries.directives());
  const audit = useLiveQuery(queries.audit({ verdictId: verdict.id, limit: 20 }));
  const mine = (items: readonly Directive[]): Directive[] =>
    items.filter((directive) => directive['verdict'] === verdict.id);
  return (
    <Section
      title={t('verdict.done', 'What was done')}
      description={t('verdict.done-hint', 'Directives that hold because of it, and its records in the audit.')}
    >
      <QueryView
        query={directives}
        empty={{
          when: ({ items }) => mine(items).length === 0,
          view: (
            <p>
              {verdict.releasedAt > 0
                ? t('verdict.ended', 'Nothing holds any more because of it.')
                : t('verdict.not-acted', 'No directive holds because of it: {{disposition}}.', {
                    disposition: verdict.disposition,
                  })}
            </p>
          ),
        }}
      >
        {({ items }) => (
          <Columns<Directive>
            label={t('verdict.directives', 'Directives')}
            keyOf={({ id }) => id}
            rows={mine(items)}
            columns={[
              { title: t('verdict.action', 'Action'), cell: ({ action }) => describeAction(action) },
              { title: t('verdict.scope', 'Scope'), cell: ({ scope }) => <Scope of={scope} /> },
              {
                title: t('verdict.applied', 'Applied by'),
                cell: ({ appliedBy, matching }) => (
                  <Badge
                    text={t('overview.of', '{{part}} of {{total}}', { part: appliedBy, total: matching })}
                    color={appliedBy < matching ? 'orange' : 'green'}
                  />
                ),
              },
            ]}
          />
        )}
      </QueryView>
      <QueryView
        query={audit}
        empty={{
          when: ({ items }) => items.length === 0,
          view: <Nothing message={t('verdict.no-record', 'There is no record of it')} />,
        }}
      >
        {({ items }) => (
          <Columns<AuditRecord>
            label={t('verdict.records', 'Records')}
            keyOf={({ seq }) => String(seq)}
            rows={items}
            columns={[
              { title: t('overview.when', 'When'), cell: ({ at }) => <When at={at} /> },
              { title: t('overview.who', 'Who'), cell: ({ actor }) => actor },
              { title: t('overview.what', 'What'), cell: (record) => `${record.kind}: ${describeRecord(record)}` },
            ]}
          />
        )}
      </QueryView>
    </Section>
  );
}
