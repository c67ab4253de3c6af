import { t } from '@grafana/i18n';
import { Alert, ClipboardButton, Stack } from '@grafana/ui';
import React from 'react';
import { useParams } from 'react-router-dom';
import { queries } from '../../api/queries';
import { AppPage } from '../../components/AppPage';
import { Mode } from '../../components/Mode';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { useLiveQuery } from '../../live/useLiveQuery';
import { paths } from '../../routing/routes';
import { History } from './History';
import { SeriesTable } from './SeriesTable';
import { Source } from './Source';

/** One guard-rail: its document, its series now, and how it became what it is. */
function GuardrailPage() {
  const { name = '' } = useParams();
  const query = useLiveQuery(queries.guardrail(name));
  return (
    <AppPage
      title={name}
      parent={{ text: t('guardrails.title', 'Guard-rails'), url: paths.guardrails() }}
      actions={
        <ClipboardButton
          variant="secondary"
          icon="copy"
          disabled={query.data === undefined}
          getText={() => query.data?.source ?? ''}
        >
          {t('guardrail.copy', 'Copy the document')}
        </ClipboardButton>
      }
    >
      <QueryView query={query}>
        {(view) => (
          <Stack direction="column" gap={2}>
            {view.inert !== null && view.inert !== '' && (
              <Alert severity="warning" title={t('guardrail.inert', 'It can act nowhere')}>
                {view.inert}
              </Alert>
            )}
            <SeriesTable guardrail={name} />
            <Stack gap={2} wrap="wrap" alignItems="stretch">
              <Section
                title={t('guardrail.document', 'Document')}
                description={t(
                  'guardrail.document-hint',
                  'Change it in git or with the command line: guardspan apply.',
                )}
                actions={<Mode mode={view.guardrail.spec.mode} />}
              >
                <Source text={view.source} label={t('guardrail.text', 'Text of the document')} />
              </Section>
              <History guardrail={name} />
            </Stack>
          </Stack>
        )}
      </QueryView>
    </AppPage>
  );
}

export default GuardrailPage;
