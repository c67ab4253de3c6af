import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { Stack } from '@grafana/ui';
import React from 'react';
import { PathButton } from '../../components/PathButton';
import { t } from '../../i18n';
import { paths } from '../../routing/routes';
import { Limits } from './Limits';

/** There is nothing to enter: the app knows the evaluator and its token. */
function ConfigEditor(_: DataSourcePluginOptionsEditorProps) {
  return (
    <Stack direction="column" gap={2}>
      <p>
        {t(
          'datasource.config',
          'It reads through the app, with the URL and the token of the app, and needs the permission of reading guard-rails of whoever looks. There is nothing to configure here.',
        )}
      </p>
      <div>
        <PathButton variant="secondary" icon="cog" to={paths.configuration()}>
          {t('datasource.configure', 'Configuration of the app')}
        </PathButton>
      </div>
      <Limits />
    </Stack>
  );
}

export default ConfigEditor;
