import { Stack, TextLink } from '@grafana/ui';
import React from 'react';
import { useParams } from 'react-router-dom';
import { queries } from '../../api/queries';
import { Actor } from '../../components/Actor';
import { AppPage } from '../../components/AppPage';
import { Columns } from '../../components/Columns';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { paths } from '../../routing/routes';
import { VerdictTable } from '../Verdicts/VerdictTable';
import { decisionsOf, type Decision } from './decisions';

/** Verdicts among which those are looked for that name the trace. */
const LOOKED_AT = 1000;

/** What guard-rails did with the calls of a trace: where the link of a trace in Grafana leads. */
function TracePage() {
  const { id = '' } = useParams();
  const records = useLiveQuery(queries.audit({ traceId: id, limit: LOOKED_AT }));
  const verdicts = useLiveQuery(queries.verdicts({ limit: LOOKED_AT }));
  return (
    <AppPage
      title={t('trace.title', 'What guard-rails did with a trace')}
      subTitle={id}
      parent={{ text: t('verdicts.title', 'Verdicts'), url: paths.verdicts() }}
    >
      <Stack direction="column" gap={2}>
        <Section
          title={t('trace.decisions', 'Decisions')}
          description={t('trace.decisions-hint', 'About each call of the trace, by the process that made it.')}
        >
          <QueryView
            query={records}
            empty={{ when: ({ items }) => decisionsOf(items).length === 0, view: <NoDecision /> }}
          >
            {({ items }) => <Decisions decisions={decisionsOf(items)} />}
          </QueryView>
        </Section>
        <Section
          title={t('trace.verdicts', 'Verdicts of windowed guard-rails')}
          description={t('trace.verdicts-hint', 'Those that keep this trace as an example, of the newest thousand.')}
        >
          <QueryView
            query={verdicts}
            empty={{
              when: ({ items }) => !items.some(({ exampleTraceIds }) => exampleTraceIds.includes(id)),
              view: <Nothing message={t('trace.no-verdict', 'No verdict has this trace as an example')} />,
            }}
          >
            {({ items }) => (
              <VerdictTable verdicts={items.filter(({ exampleTraceIds }) => exampleTraceIds.includes(id))} />
            )}
          </QueryView>
        </Section>
      </Stack>
    </AppPage>
  );
}

function NoDecision() {
  return (
    <Nothing message={t('trace.no-decision', 'There is no decision on record')}>
      {t(
        'trace.no-decision-next',
        'Calls that every guard-rail let pass are not on record. A trace whose service is not guarded has none either: Coverage on the Overview tells.',
      )}
    </Nothing>
  );
}

function Decisions({ decisions }: { decisions: readonly Decision[] }) {
  return (
    <Columns<Decision>
      label={t('trace.decisions', 'Decisions')}
      keyOf={({ seq }) => String(seq)}
      rows={decisions}
      columns={[
        { title: t('overview.when', 'When'), cell: ({ at }) => <When at={at} /> },
        { title: t('trace.process', 'Process'), cell: ({ process }) => <Actor name={process} /> },
        { title: t('datasource.model', 'Model'), cell: ({ model }) => model },
        {
          title: t('trace.done', 'Done'),
          cell: ({ action, rerouteTo }) => (rerouteTo === '' ? action : `${action} → ${rerouteTo}`),
        },
        { title: t('verdicts.disposition', 'Disposition'), cell: ({ disposition }) => disposition },
        {
          title: t('trace.because', 'Because of'),
          cell: ({ verdicts }) =>
            verdicts.map(({ guardrail, message }) => (
              <div key={guardrail}>
                <TextLink href={paths.guardrail(guardrail)}>{guardrail}</TextLink> {message}
              </div>
            )),
        },
      ]}
    />
  );
}

export default TracePage;
