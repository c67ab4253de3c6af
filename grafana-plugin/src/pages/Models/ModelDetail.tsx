import { Stack, TextLink } from '@grafana/ui';
import React from 'react';
import type { Binding, ModelTotals } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { Mode } from '../../components/Mode';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { PathButton } from '../../components/PathButton';
import { paths } from '../../routing/routes';
import type { VersionRow } from './versions';
import { time } from './VersionTable';

/** What guards one version of a model, and what came of it. */
export function ModelDetail({ row }: { row: VersionRow }) {
  const { service, environment, model, version, verdicts, duration, timeToFirst } = row;
  const query = useLiveQuery(queries.bindings({ service, environment, model, version }));
  const name = version === '' ? model : `${model} ${version}`;
  return (
    <Section
      title={t('models.detail', '{{name}} in {{service}}', { name, service })}
      description={t(
        'models.detail-hint',
        'Guard-rails whose match takes its calls, and calls about which one had a verdict that is no pass. A rerouted call stands with the model that answered it.',
      )}
      actions={
        <PathButton size="sm" variant="secondary" icon="list-ul" to={paths.verdicts({ text: model })}>
          {t('models.verdicts-link', 'Its verdicts')}
        </PathButton>
      }
    >
      <Stack direction="column" gap={2}>
        <p>
          {t('models.times', 'Half of the calls within {{p50}}, 95 % within {{p95}}, 99 % within {{p99}}.', {
            ...{ p50: time(duration.p50), p95: time(duration.p95), p99: time(duration.p99) },
          })}{' '}
          {timeToFirst.p50 !== null &&
            t('models.first', 'First piece of a streamed answer: {{p50}}, 95 % within {{p95}}.', {
              ...{ p50: time(timeToFirst.p50), p95: time(timeToFirst.p95) },
            })}
        </p>
        <QueryView
          query={query}
          empty={{
            when: ({ items }) => items.length === 0,
            view: (
              <Nothing
                message={t('models.unguarded', 'No guard-rail looks at it')}
                button={
                  <PathButton icon="plus" to={paths.newGuardrail()}>
                    {t('models.new', 'New guard-rail')}
                  </PathButton>
                }
              >
                {t('models.unguarded-next', 'Its calls are counted, and nothing judges them.')}
              </Nothing>
            ),
          }}
        >
          {({ items }) => (
            <Columns<Binding>
              label={t('models.guardrails', 'Guard-rails')}
              keyOf={({ name: guardrail }) => guardrail}
              rows={items}
              columns={[
                {
                  title: t('models.guardrail', 'Guard-rail'),
                  cell: ({ name: guardrail }) => (
                    <TextLink href={paths.guardrail(guardrail)} inline={false}>
                      {guardrail}
                    </TextLink>
                  ),
                },
                { title: t('models.mode', 'Mode'), cell: ({ mode }) => <Mode mode={mode} /> },
                {
                  title: t('models.looks-at', 'Looks at'),
                  cell: ({ windowed }) =>
                    windowed ? t('models.window', 'many calls') : t('models.inline', 'each call'),
                },
                { title: t('models.action', 'Action'), cell: ({ action }) => action },
                { title: t('models.came-of-it', 'What came of it'), cell: ({ name: of }) => cameOf(verdicts, of) },
              ]}
            />
          )}
        </QueryView>
      </Stack>
    </Section>
  );
}

/** `enforced 12 · would_act 3`: calls by disposition. */
function cameOf(verdicts: ModelTotals['verdicts'], guardrail: string): string {
  const calls = new Map<string, number>();
  for (const one of verdicts) {
    if (one.guardrail === guardrail) {
      calls.set(one.disposition, (calls.get(one.disposition) ?? 0) + one.calls);
    }
  }
  return [...calls].map(([disposition, count]) => `${disposition} ${count.toLocaleString()}`).join(' · ') || '–';
}
