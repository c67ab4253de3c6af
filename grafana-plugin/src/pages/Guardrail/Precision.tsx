import { Stack } from '@grafana/ui';
import React from 'react';
import type { Precision as Numbers } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { describePrecision } from '../../components/describePrecision';
import { Mode } from '../../components/Mode';
import { Nothing } from '../../components/Nothing';
import { percent } from '../../components/numbers';
import { PathButton } from '../../components/PathButton';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { paths } from '../../routing/routes';

type ModeNumbers = Numbers['modes'][number];

/** How often people say that a windowed guard-rail was right, by the mode that it was in. */
export function Precision({ guardrail }: { guardrail: string }) {
  const query = useLiveQuery(queries.precision(guardrail));
  return (
    <Section
      title={t('precision.title', 'Was it right?')}
      description={t(
        'precision.hint',
        'What people say of its verdicts, over all its revisions. Longer in the metric guardspan_feedback_total.',
      )}
      actions={
        <PathButton size="sm" variant="secondary" icon="list-ul" to={paths.verdicts({ text: guardrail })}>
          {t('precision.verdicts', 'Its verdicts')}
        </PathButton>
      }
    >
      <QueryView
        query={query}
        empty={{
          when: ({ verdicts }) => verdicts === 0,
          view: (
            <Nothing message={t('precision.none', 'It has come to no verdict yet')}>
              {t('precision.none-next', 'Once it has, say on the page of a verdict whether it is right.')}
            </Nothing>
          ),
        }}
      >
        {(all) => (
          <Stack direction="column" gap={2}>
            <p>{describePrecision(all)}</p>
            <Columns<ModeNumbers>
              label={t('precision.by-mode', 'Judged verdicts by mode')}
              keyOf={({ mode }) => mode}
              rows={all.modes}
              columns={[
                { title: t('precision.mode', 'Found in mode'), cell: ({ mode }) => <Mode mode={mode} /> },
                { title: t('precision.verdict-count', 'Verdicts'), cell: ({ verdicts }) => verdicts.toLocaleString() },
                { title: t('precision.right', 'Right'), cell: ({ right }) => right.toLocaleString() },
                { title: t('precision.false', 'False alarms'), cell: ({ falseAlarm }) => falseAlarm.toLocaleString() },
                { title: t('precision.unclear', 'Unclear'), cell: ({ unclear }) => unclear.toLocaleString() },
                {
                  title: t('precision.precision', 'Precision'),
                  cell: ({ precision }) => (precision === null ? '–' : percent(precision)),
                },
              ]}
            />
          </Stack>
        )}
      </QueryView>
    </Section>
  );
}
