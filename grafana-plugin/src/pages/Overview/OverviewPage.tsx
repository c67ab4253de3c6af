import { Stack } from '@grafana/ui';
import React from 'react';
import { AppPage } from '../../components/AppPage';
import { DispositionChart } from '../../components/DispositionChart';
import { t } from '../../i18n';
import { ActiveDirectives } from './ActiveDirectives';
import { Changes } from './Changes';
import { CoverageGaps } from './CoverageGaps';
import { FiringVerdicts } from './FiringVerdicts';
import { Tiles } from './Tiles';

/** What is being enforced now, how sure that is, and what led to it. */
function OverviewPage() {
  return (
    <AppPage
      title={t('overview.title', 'Overview')}
      subTitle={t('overview.subtitle', 'What guard-rails do to your models now, and what they do not see.')}
    >
      <Stack direction="column" gap={2}>
        <Tiles />
        <DispositionChart />
        <Stack gap={2} wrap="wrap" alignItems="stretch">
          <ActiveDirectives />
          <FiringVerdicts />
        </Stack>
        <Stack gap={2} wrap="wrap" alignItems="stretch">
          <Changes />
          <CoverageGaps />
        </Stack>
      </Stack>
    </AppPage>
  );
}

export default OverviewPage;
