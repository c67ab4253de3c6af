import { useQueries } from '@tanstack/react-query';
import React from 'react';
import type { AuditRecord } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { describeRecord } from '../../components/describeRecord';
import { Failure } from '../../components/Failure';
import { Nothing } from '../../components/Nothing';
import { Section } from '../../components/Section';
import { When } from '../../components/When';
import { t } from '../../i18n';

/** Kinds of records that people make. Decisions and verdicts are elsewhere, and too many. */
const KINDS = ['document', 'kill', 'override', 'feedback'];
const SHOWN = 8;

/** What people changed last, from the audit. */
export function Changes() {
  const results = useQueries({ queries: KINDS.map((kind) => queries.audit({ kind, limit: SHOWN })) });
  const failed = results.find(({ error, data }) => error !== null && data === undefined);
  const records = results
    .flatMap(({ data }) => data?.items ?? [])
    .sort((a, b) => b.seq - a.seq)
    .slice(0, SHOWN);
  return (
    <Section
      title={t('overview.changes', 'What changed')}
      description={t('overview.changes-hint', 'Newest records of the audit that people made.')}
    >
      {failed !== undefined ? (
        <Failure error={failed.error} onRetry={() => results.forEach(({ refetch }) => void refetch())} />
      ) : records.length === 0 && results.every(({ isSuccess }) => isSuccess) ? (
        <Nothing message={t('overview.no-change', 'Nothing was changed yet')}>
          {t('overview.no-change-next', 'Every change of a guard-rail is put on record with its author.')}
        </Nothing>
      ) : (
        <Columns<AuditRecord>
          label={t('overview.changes', 'What changed')}
          keyOf={({ seq }) => String(seq)}
          rows={records}
          columns={[
            { title: t('overview.when', 'When'), cell: ({ at }) => <When at={at} /> },
            { title: t('overview.who', 'Who'), cell: ({ actor }) => actor },
            { title: t('overview.what', 'What'), cell: describeRecord },
          ]}
        />
      )}
    </Section>
  );
}
