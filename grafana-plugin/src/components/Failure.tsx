import { Alert, Button, Stack } from '@grafana/ui';
import React from 'react';
import { ApiFailure } from '../api/failure';
import { t } from '../i18n';
import { PathButton } from './PathButton';
import { paths } from '../routing/routes';
import { describeFailure } from './describeFailure';

interface Props {
  error: unknown;
  onRetry?: () => void;
}

/** The error state: what happened, what to do next, and the buttons for it. */
export function Failure({ error, onRetry }: Props) {
  const { title, detail, next, retry, configure } = describeFailure(error);
  const code = error instanceof ApiFailure ? error.code : '';
  return (
    <Alert title={title} severity={error instanceof ApiFailure && error.kind === 'permission' ? 'warning' : 'error'}>
      <Stack direction="column" gap={1}>
        {detail !== '' && <div>{detail}</div>}
        {next !== '' && <div>{next}</div>}
        {code !== '' && (
          <div>
            {t('failure.code', 'Code:')} <code>{code}</code>
          </div>
        )}
        {(configure || (retry && onRetry !== undefined)) && (
          <Stack gap={1}>
            {retry && onRetry !== undefined && (
              <Button size="sm" variant="secondary" icon="sync" onClick={onRetry}>
                {t('failure.retry', 'Try again')}
              </Button>
            )}
            {configure && (
              <PathButton size="sm" variant="secondary" icon="cog" to={paths.configuration()}>
                {t('failure.configure', 'Open Configuration')}
              </PathButton>
            )}
          </Stack>
        )}
      </Stack>
    </Alert>
  );
}
