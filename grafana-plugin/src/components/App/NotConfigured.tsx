import { PluginPage } from '@grafana/runtime';
import { LinkButton } from '@grafana/ui';
import React from 'react';
import { t } from '../../i18n';
import { paths } from '../../routing/routes';
import { Nothing } from '../Nothing';

/** The state of the app before an evaluator is named. */
export function NotConfigured() {
  return (
    <PluginPage pageNav={{ text: t('app.title', 'Guardspan') }}>
      <Nothing
        message={t('app.not-configured', 'No evaluator is configured')}
        button={
          <LinkButton icon="cog" href={paths.configuration()}>
            {t('failure.configure', 'Open Configuration')}
          </LinkButton>
        }
      >
        {t(
          'app.not-configured-next',
          'An administrator enters the URL of the evaluator and a token there, or provisions both in a file.',
        )}
      </Nothing>
    </PluginPage>
  );
}
