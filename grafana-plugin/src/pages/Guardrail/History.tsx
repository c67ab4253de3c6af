import { t } from '@grafana/i18n';
import React from 'react';
import type { GuardrailView } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { Mode } from '../../components/Mode';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { When } from '../../components/When';
import { useLiveQuery } from '../../live/useLiveQuery';

/** Digits of a digest that tell revisions of one guard-rail apart. */
const DIGITS = 12;

/** Every revision with who wrote and who approved it, newest first. */
export function History({ guardrail }: { guardrail: string }) {
  const query = useLiveQuery(queries.history(guardrail));
  return (
    <Section
      title={t('guardrail.history', 'History')}
      description={t('guardrail.history-hint', 'Every revision that was in force, newest first.')}
    >
      <QueryView query={query}>
        {({ items }) => (
          <Columns<GuardrailView>
            label={t('guardrail.history', 'History')}
            keyOf={({ generation }) => String(generation)}
            rows={[...items].sort((a, b) => b.generation - a.generation)}
            columns={[
              { title: t('guardrail.when', 'When'), cell: ({ at }) => <When at={at} /> },
              {
                title: t('guardrail.revision', 'Revision'),
                cell: ({ revision }) => <code>{revision.slice(0, DIGITS)}</code>,
              },
              {
                title: t('guardrail.mode', 'Mode'),
                cell: ({ deleted, guardrail: { spec } }) =>
                  deleted ? t('guardrail.deleted', 'deleted') : <Mode mode={spec.mode} />,
              },
              { title: t('guardrail.author', 'Author'), cell: ({ author }) => author },
              { title: t('guardrail.approver', 'Approved by'), cell: ({ approver }) => approver },
            ]}
          />
        )}
      </QueryView>
    </Section>
  );
}
