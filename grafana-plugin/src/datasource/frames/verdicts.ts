import { FieldType, type DataFrame, type QueryResultMetaNotice } from '@grafana/data';
import type { Verdict } from '../../api/answers';
import { t } from '../../i18n';
import { paths } from '../../routing/routes';
import type { Span } from '../range';
import { seriesColumns, table } from './columns';

/** When a verdict ended; undefined while it lasts. Seconds from epoch. */
const endOf = ({ releasedAt }: Verdict): number | undefined => (releasedAt > 0 ? releasedAt : undefined);

/** Verdicts that held at some time of the span. */
export function during(verdicts: readonly Verdict[], { from, to }: Span): Verdict[] {
  return verdicts.filter((verdict) => verdict.firstAt <= to && (endOf(verdict) ?? Infinity) >= from);
}

/** A table of verdicts, newest first. */
export function verdictFrame(
  refId: string,
  verdicts: readonly Verdict[],
  now: number,
  notices: QueryResultMetaNotice[],
): DataFrame {
  const why = {
    title: t('datasource.why', 'Why: the verdict in the app'),
    // Asked for by its encoded id: ids are hexadecimal.
    url: paths.verdict('') + '${__data.fields.id}',
  };
  return table(
    refId,
    verdicts,
    [
      { name: 'time', title: t('datasource.began', 'Began'), type: FieldType.time, value: ({ firstAt }) => firstAt },
      { name: 'timeEnd', title: t('datasource.ended', 'Ended'), type: FieldType.time, value: endOf },
      {
        ...{ name: 'guardrail', title: t('verdicts.guardrail', 'Guard-rail'), type: FieldType.string },
        value: ({ guardrail }) => guardrail,
        config: { links: [why] },
      },
      ...seriesColumns(verdicts, ({ series }) => series),
      {
        ...{ name: 'state', title: t('verdicts.state', 'State'), type: FieldType.string },
        value: (verdict) => (endOf(verdict) === undefined ? verdict.state : 'released'),
      },
      {
        ...{ name: 'lasted', title: t('datasource.lasted', 'Lasted'), type: FieldType.number, config: { unit: 's' } },
        value: (verdict) => Math.max(0, (endOf(verdict) ?? now) - verdict.firstAt),
      },
      { name: 'mode', title: t('guardrails.mode-title', 'Mode'), type: FieldType.string, value: ({ mode }) => mode },
      { name: 'action', title: t('verdicts.action', 'Action'), type: FieldType.string, value: ({ action }) => action },
      {
        ...{ name: 'disposition', title: t('verdicts.disposition', 'Disposition'), type: FieldType.string },
        value: ({ disposition }) => disposition,
      },
      { name: 'message', title: t('verdicts.why', 'Why'), type: FieldType.string, value: ({ message }) => message },
      { name: 'id', title: t('datasource.id', 'Id'), type: FieldType.string, value: ({ id }) => id },
    ],
    notices,
  );
}
