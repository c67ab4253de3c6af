import { Stack } from '@grafana/ui';
import React from 'react';
import { ApiFailure } from '../../api/failure';
import type { Explanation } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { EvidenceChart } from '../../components/EvidenceChart';
import { PromiseStatus } from '../../components/PromiseStatus';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { readable } from '../../components/numbers';

/** What a test found: evidence against its threshold, the effect, the promise, and what drives it. Nothing for verdicts of a threshold, which have none. */
export function Evidence({ id }: { id: string }) {
  const query = useLiveQuery(queries.explanation(id));
  const missing = query.error instanceof ApiFailure && query.error.kind === 'missing';
  // Until it is known whether there is a test behind the verdict, nothing stands here that would go away again.
  if (query.data === undefined && (query.error === null || missing)) {
    return null;
  }
  return (
    <Section
      title={t('verdict.evidence', 'Evidence')}
      description={t(
        'verdict.evidence-hint',
        'What the test knew. Evidence is in nats: how much likelier the calls are if the limit is broken.',
      )}
    >
      <QueryView query={query}>{(explanation) => <Report {...explanation} />}</QueryView>
    </Section>
  );
}

function Report({ summary, promise, evidence, effect, groups, causes, counters, firstOffendingBucket }: Explanation) {
  return (
    <Stack direction="column" gap={2}>
      <p>{summary}</p>
      <PromiseStatus {...promise} />
      <EvidenceChart path={evidence.path} threshold={evidence.threshold} />
      <p>
        {t('verdict.numbers', 'Evidence {{value}} of {{threshold}} nats over {{calls}} calls.', {
          value: readable(evidence.value),
          threshold: readable(evidence.threshold),
          calls: counters.calls.toLocaleString(),
        })}{' '}
        {effect !== undefined &&
          t('verdict.effect', '{{name}}: {{value}} ({{lower}} to {{upper}}), limit {{limit}}.', {
            name: effect.name,
            value: readable(effect.value),
            lower: readable(effect.lower),
            upper: readable(effect.upper),
            limit: readable(effect.limit),
          })}{' '}
        {firstOffendingBucket > 0 && (
          <>
            {t('verdict.first', 'First seen')} <When at={firstOffendingBucket} />
          </>
        )}
      </p>
      {causes.length > 0 && (
        <Columns
          label={t('verdict.causes', 'Likeliest causes')}
          keyOf={({ kind, field, value }) => `${kind} ${field} ${value}`}
          rows={causes}
          columns={[
            { title: t('verdict.causes', 'Likeliest causes'), cell: ({ field, value }) => `${field} = ${value}` },
            { title: t('verdict.kind', 'Kind'), cell: ({ kind }) => kind },
            { title: t('verdict.before', 'Before'), cell: ({ before }) => readable(before) },
            { title: t('verdict.after', 'After'), cell: ({ after }) => readable(after) },
            { title: t('verdict.samples', 'Calls'), cell: ({ calls }) => readable(calls) },
          ]}
        />
      )}
      {groups.length > 0 && (
        <Columns
          label={t('verdict.groups', 'Groups')}
          keyOf={({ stratum, group }) => `${stratum} ${group}`}
          rows={groups}
          columns={[
            { title: t('verdict.group', 'Group'), cell: ({ group }) => group },
            { title: t('verdict.stratum', 'Stratum'), cell: ({ stratum }) => (stratum === '' ? '–' : stratum) },
            { title: t('verdict.rate', 'Rate'), cell: ({ rate }) => readable(rate) },
            { title: t('verdict.samples', 'Calls'), cell: ({ calls }) => readable(calls) },
          ]}
        />
      )}
    </Stack>
  );
}
