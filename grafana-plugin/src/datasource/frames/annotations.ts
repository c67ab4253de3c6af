import { FieldType, locationUtil, type DataFrame } from '@grafana/data';
import type { AuditRecord, Verdict } from '../../api/answers';
import { describeRecord } from '../../components/describeRecord';
import { t } from '../../i18n';
import { paths } from '../../routing/routes';
import { table } from './columns';

interface Mark {
  /** Seconds from epoch; a mark with an end is a region. */
  time: number;
  timeEnd?: number;
  title: string;
  text: string;
  tags: readonly string[];
  id: string;
}

/** Verdicts as regions from their begin to their end, or to now while they last. */
export function verdictMarks(refId: string, verdicts: readonly Verdict[], now: number): DataFrame {
  return marks(
    refId,
    verdicts.map(({ id, guardrail, series, message, firstAt, releasedAt, disposition, action }) => ({
      time: firstAt,
      timeEnd: releasedAt > 0 ? releasedAt : now,
      title: t('datasource.violated', '{{guardrail}} was violated', { guardrail }),
      text: `${escape(message)}<br>${link(paths.verdict(id), t('datasource.why-link', 'Why'))}`,
      tags: [guardrail, action, disposition, ...Object.entries(series).map(([field, value]) => `${field}:${value}`)],
      id,
    })),
  );
}

/** Changes of guard-rails, each at the moment at which it came into force. */
export function revisionMarks(refId: string, records: readonly AuditRecord[]): DataFrame {
  return marks(
    refId,
    records.map((record) => ({
      time: record.at,
      title: describeRecord(record),
      text: `${escape(record.actor)}<br>${link(paths.guardrail(record.guardrail), t('datasource.open', 'Open it'))}`,
      tags: [record.guardrail],
      id: String(record.seq),
    })),
  );
}

function marks(refId: string, rows: readonly Mark[]): DataFrame {
  return table(refId, rows, [
    { name: 'time', type: FieldType.time, value: ({ time }) => time },
    { name: 'timeEnd', type: FieldType.time, value: ({ time, timeEnd }) => timeEnd ?? time },
    { name: 'title', type: FieldType.string, value: ({ title }) => title },
    { name: 'text', type: FieldType.string, value: ({ text }) => text },
    // Grafana splits them at commas.
    {
      ...{ name: 'tags', type: FieldType.string },
      value: ({ tags }) => tags.map((tag) => tag.replaceAll(',', ' ')).join(','),
    },
    { name: 'id', type: FieldType.string, value: ({ id }) => id },
  ]);
}

/** Texts of marks are HTML, which Grafana sanitises. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function link(path: string, text: string): string {
  return `<a href="${escape(locationUtil.assureBaseUrl(path))}">${escape(text)}</a>`;
}
