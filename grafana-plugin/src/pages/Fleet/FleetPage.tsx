import { Stack } from '@grafana/ui';
import React from 'react';
import { queries } from '../../api/queries';
import { AppPage } from '../../components/AppPage';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { Convergence } from './Convergence';
import { Gaps } from './Gaps';
import { KillSwitches } from './KillSwitches';
import { Processes } from './Processes';
import { Refusals } from './Refusals';

/** Where guard-rails are in force: processes and what they hold, what is not guarded, and the switch that stops enforcement. */
function FleetPage() {
  const fleet = useLiveQuery(queries.fleetAndGone());
  const guardrails = useLiveQuery(queries.guardrails());
  const coverage = useLiveQuery(queries.coverage());
  return (
    <AppPage
      title={t('fleet.title', 'Fleet')}
      subTitle={t(
        'fleet.subtitle',
        'Which processes hold which guard-rails, what they refuse, and what nobody guards.',
      )}
    >
      <Stack direction="column" gap={2}>
        <KillSwitches />
        <QueryView
          query={fleet}
          empty={{
            when: ({ items }) => items.length === 0,
            view: (
              <Nothing message={t('fleet.none', 'No process is connected')}>
                {t(
                  'fleet.none-next',
                  'Start a service with the package and GUARDSPAN_ENDPOINT set to the evaluator: it appears here by itself. docs/agent.md says how.',
                )}
              </Nothing>
            ),
          }}
        >
          {({ items }) => (
            <Stack direction="column" gap={2}>
              <Convergence processes={items} guardrails={guardrails.data?.items} coverage={coverage} />
              <Refusals processes={items} />
              <Processes processes={items} />
            </Stack>
          )}
        </QueryView>
        <Gaps query={coverage} />
      </Stack>
    </AppPage>
  );
}

export default FleetPage;
