import { Stack } from '@grafana/ui';
import React from 'react';
import { useParams } from 'react-router-dom';
import { queries } from '../../api/queries';
import { AppPage } from '../../components/AppPage';
import { Drill } from '../../components/Drill';
import { QueryView } from '../../components/QueryView';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { paths } from '../../routing/routes';
import { Approval } from './Approval';
import { Condition } from './Condition';
import { Done } from './Done';
import { Evidence } from './Evidence';
import { Judgement } from './Judgement';
import { Summary } from './Summary';
import { Traces } from './Traces';

/** One verdict: what was found, why, what was done about it, and whether people agree. */
function VerdictPage() {
  const { id = '' } = useParams();
  const query = useLiveQuery(queries.verdict(id));
  return (
    <AppPage
      title={query.data?.guardrail ?? t('verdict.title', 'Verdict')}
      subTitle={query.data?.message}
      actions={<Drill of={query.data?.guardrail ?? ''} />}
      parent={{ text: t('verdicts.title', 'Verdicts'), url: paths.verdicts() }}
    >
      <QueryView query={query}>
        {(verdict) => (
          <Stack direction="column" gap={2}>
            <Summary verdict={verdict} />
            <Approval verdictId={verdict.id} />
            {/* A condition leaves a trace; a test has an explanation instead. */}
            {(!Array.isArray(verdict.trace) || verdict.trace.length === 0) && <Evidence id={id} />}
            <Stack gap={2} wrap="wrap" alignItems="stretch">
              <Condition verdict={verdict} />
              <Traces verdict={verdict} />
            </Stack>
            <Stack gap={2} wrap="wrap" alignItems="stretch">
              <Done verdict={verdict} />
              <Judgement verdict={verdict} />
            </Stack>
          </Stack>
        )}
      </QueryView>
    </AppPage>
  );
}

export default VerdictPage;
