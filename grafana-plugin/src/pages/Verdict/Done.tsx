import { Badge, Stack } from '@grafana/ui';
import React from 'react';
import type { AuditRecord, Directive, VerdictDetail } from '../../api/answers';
import { queries } from '../../api/queries';
import { Actor } from '../../components/Actor';
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
      <Stack direction="column" gap={2}>
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
            <Columns<Repeated>
              label={t('verdict.records', 'Records')}
              keyOf={({ first }) => String(first.seq)}
              rows={together(items)}
              columns={[
                { title: t('overview.when', 'When'), cell: ({ first }) => <When at={first.at} /> },
                { title: t('overview.who', 'Who'), cell: ({ first }) => <Actor name={first.actor} /> },
                { title: t('overview.what', 'What'), cell: ({ text }) => text },
                { title: t('verdict.times', 'Times'), cell: ({ count }) => count.toLocaleString() },
              ]}
            />
          )}
        </QueryView>
      </Stack>
    </Section>
  );
}

/** Records in a row that say the same of the same: a verdict that holds leads to a decision with each call. */
interface Repeated {
  first: AuditRecord;
  text: string;
  count: number;
}

function together(items: readonly AuditRecord[]): Repeated[] {
  const rows: Repeated[] = [];
  for (const record of items) {
    const text = `${record.kind}: ${describeRecord(record)}`;
    const last = rows.at(-1);
    if (last !== undefined && last.text === text && last.first.actor === record.actor) {
      last.count += 1;
    } else {
      rows.push({ first: record, text, count: 1 });
    }
  }
  return rows;
}
