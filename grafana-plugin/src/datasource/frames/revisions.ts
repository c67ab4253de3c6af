import { FieldType, type DataFrame, type QueryResultMetaNotice } from '@grafana/data';
import { z } from 'zod';
import type { AuditRecord } from '../../api/answers';
import { t } from '../../i18n';
import { table } from './columns';

/** What the table reads of a record; a record of another version shows less. */
const body = z.looseObject({
  change: z.string().catch(''),
  mode: z.string().catch(''),
  approver: z.string().catch(''),
  revision: z.string().catch(''),
});

/** A table of changes of guard-rails, newest first. */
export function revisionFrame(
  refId: string,
  records: readonly AuditRecord[],
  notices: QueryResultMetaNotice[],
): DataFrame {
  const rows = records.map((record) => ({
    ...record,
    ...(body.safeParse(record.body).data ?? { change: '', mode: '', approver: '', revision: '' }),
  }));
  return table(
    refId,
    rows,
    [
      { name: 'time', title: t('datasource.at', 'Time'), type: FieldType.time, value: ({ at }) => at },
      {
        ...{ name: 'guardrail', title: t('verdicts.guardrail', 'Guard-rail'), type: FieldType.string },
        value: ({ guardrail }) => guardrail,
      },
      {
        name: 'change',
        title: t('datasource.change', 'Change'),
        type: FieldType.string,
        value: ({ change }) => change,
      },
      { name: 'mode', title: t('guardrails.mode-title', 'Mode'), type: FieldType.string, value: ({ mode }) => mode },
      { name: 'actor', title: t('datasource.actor', 'Who'), type: FieldType.string, value: ({ actor }) => actor },
      {
        ...{ name: 'approver', title: t('datasource.approver', 'Approved by'), type: FieldType.string },
        value: ({ approver }) => approver,
      },
      {
        ...{ name: 'revision', title: t('datasource.revision', 'Revision'), type: FieldType.string },
        value: ({ revision }) => revision,
      },
    ],
    notices,
  );
}
