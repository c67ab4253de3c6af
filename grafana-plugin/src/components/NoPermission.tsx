import { Alert } from '@grafana/ui';
import React from 'react';
import { t } from '../i18n';

/** The state of a page that the user may not see: names the permission, and who grants it. */
export function NoPermission({ reason }: { reason: string }) {
  return (
    <Alert severity="warning" title={t('no-permission.title', 'You may not see this page')}>
      {reason}
    </Alert>
  );
}
