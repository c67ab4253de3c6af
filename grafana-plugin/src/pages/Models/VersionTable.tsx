import { Button, Pagination } from '@grafana/ui';
import React, { useState } from 'react';
import { Columns } from '../../components/Columns';
import { percent, readable } from '../../components/numbers';
import { Section } from '../../components/Section';
import { When } from '../../components/When';
import { t } from '../../i18n';
import type { VersionRow } from './versions';

const PAGE = 25;

interface Props {
  rows: readonly VersionRow[];
  /** Key of the row whose details are shown; empty for none. */
  open: string;
  onOpen: (key: string) => void;
}

/** One row for each version of a model in a service: calls, times, coverage, and what guard-rails did. */
export function VersionTable({ rows, open, onOpen }: Props) {
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const at = Math.min(page, pages);
  return (
    <Section
      title={t('models.versions', 'Versions')}
      description={t(
        'models.versions-hint',
        'Times are estimates from counts by bucket, of calls that were not refused. Open one to see what guards it.',
      )}
    >
      <Columns<VersionRow>
        label={t('models.versions', 'Versions')}
        keyOf={({ key }) => key}
        rows={rows.slice((at - 1) * PAGE, at * PAGE)}
        columns={[
          {
            title: t('models.model', 'Model'),
            cell: ({ key, model }) => (
              <Button
                size="sm"
                fill="text"
                icon={key === open ? 'angle-down' : 'angle-right'}
                aria-expanded={key === open}
                onClick={() => onOpen(key === open ? '' : key)}
              >
                {model}
              </Button>
            ),
          },
          { title: t('models.version', 'Version'), cell: ({ version }) => version || '–' },
          {
            title: t('models.service', 'Service'),
            cell: ({ service, environment }) => [service, environment].filter((part) => part !== '').join(' · '),
          },
          { title: t('models.kind', 'Kind'), cell: ({ kind }) => kind },
          { title: t('models.calls', 'Calls'), cell: ({ calls }) => calls.toLocaleString() },
          { title: t('models.failed', 'Failed'), cell: ({ failed, calls }) => part(failed, calls) },
          { title: t('models.refused', 'Refused'), cell: ({ refused, calls }) => part(refused, calls) },
          { title: t('models.p50', 'Median'), cell: ({ duration }) => time(duration.p50) },
          { title: t('models.p95', '95 % within'), cell: ({ duration }) => time(duration.p95) },
          {
            title: t('models.coverage', 'Coverage'),
            cell: ({ coverage }) => (coverage === null ? '–' : percent(coverage)),
          },
          { title: t('models.last', 'Last call'), cell: ({ lastAt }) => <When at={lastAt} /> },
        ]}
      />
      {pages > 1 && <Pagination currentPage={at} numberOfPages={pages} onNavigate={setPage} />}
    </Section>
  );
}

function part(count: number, calls: number): string {
  return count === 0 ? '0' : `${count.toLocaleString()} (${percent(count / calls)})`;
}

/** Seconds as people read them. */
export function time(seconds: number | null): string {
  if (seconds === null) {
    return '–';
  }
  return seconds < 1
    ? t('models.milliseconds', '{{time}} ms', { time: readable(Number((seconds * 1000).toPrecision(2))) })
    : t('models.seconds', '{{time}} s', { time: readable(Number(seconds.toPrecision(2))) });
}
