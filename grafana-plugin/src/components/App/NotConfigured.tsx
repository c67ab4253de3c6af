import { PluginPage } from '@grafana/runtime';
import React from 'react';
import { t } from '../../i18n';
import { PathButton } from '../PathButton';
import { paths } from '../../routing/routes';
import { Nothing } from '../Nothing';

/** The state of the app before an evaluator is named. */
export function NotConfigured() {
  return (
    <PluginPage pageNav={{ text: t('app.title', 'Guardspan') }}>
      <Nothing
        message={t('app.not-configured', 'No evaluator is configured')}
        button={
          <PathButton icon="cog" to={paths.configuration()}>
            {t('failure.configure', 'Open Configuration')}
          </PathButton>
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
