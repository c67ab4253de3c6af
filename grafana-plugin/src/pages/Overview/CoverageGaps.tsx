import React from 'react';
import type { Coverage } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';

type Gap = Coverage['gaps'][number];
const SHOWN = 8;

/** What calls are seen and not guarded, the most frequent first. */
export function CoverageGaps() {
  const query = useLiveQuery(queries.coverage());
  return (
    <Section
      title={t('overview.gaps', 'Not guarded')}
      description={t('overview.gaps-hint', 'Calls that were seen and that no guard-rail looked at.')}
    >
      <QueryView
        query={query}
        empty={{
          when: ({ gaps }) => gaps.length === 0,
          view: (
            <Nothing message={t('overview.no-gap', 'No gap is known')}>
              {t('overview.no-gap-next', 'Services that send neither reports nor spans are not seen at all.')}
            </Nothing>
          ),
        }}
      >
        {({ gaps }) => (
          <Columns<Gap>
            label={t('overview.gaps', 'Not guarded')}
            keyOf={({ service, reason, name }) => `${service} ${reason} ${name}`}
            rows={[...gaps].sort((a, b) => b.count - a.count).slice(0, SHOWN)}
            columns={[
              { title: t('overview.service', 'Service'), cell: ({ service }) => service },
              { title: t('overview.reason', 'Reason'), cell: ({ reason }) => describeGap(reason) },
              { title: t('overview.name', 'What'), cell: ({ name }) => name },
              { title: t('overview.calls', 'Calls'), cell: ({ count }) => count.toLocaleString() },
            ]}
          />
        )}
      </QueryView>
    </Section>
  );
}

/** A reason of the closed set in words. */
function describeGap(reason: string): string {
  const words: { [reason: string]: string } = {
    unpatched_client: t('gap.unpatched', 'client that could not be patched'),
    raw_http: t('gap.raw', 'HTTP request outside of a client'),
    unreadable: t('gap.unreadable', 'request to a model that could not be read'),
    foreign_span: t('gap.foreign', 'other instrumentation, without our package'),
    disabled: t('gap.disabled', 'switched off in the process'),
    no_guardrails: t('gap.none', 'no guard-rail was loaded'),
    error: t('gap.error', 'the guard failed'),
  };
  return words[reason] ?? reason;
}
