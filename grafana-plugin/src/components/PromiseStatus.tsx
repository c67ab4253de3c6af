import { Badge, Stack } from '@grafana/ui';
import React from 'react';
import { t } from '../i18n';

interface Props {
  status: string;
  text: string;
  reasons: readonly string[];
}

/** Whether a promise about false alarms is kept, what it says, and why it is not guaranteed. */
export function PromiseStatus({ status, text, reasons }: Props) {
  const isKept = status === 'kept';
  return (
    <Stack gap={1} alignItems="center">
      <Badge
        text={isKept ? t('promise.kept', 'promise kept') : t('promise.not-kept', 'no guarantee')}
        color={isKept ? 'green' : 'orange'}
        icon={isKept ? 'check' : 'exclamation-triangle'}
      />
      <span>{[text, ...reasons].join(' · ')}</span>
    </Stack>
  );
}
