import { Button, Modal, Stack } from '@grafana/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import React, { useState } from 'react';
import type { KillSwitch } from '../../api/answers';
import { evaluator } from '../../api/client';
import { describeStop } from '../../components/describeStop';
import { Failure } from '../../components/Failure';
import { Reason } from '../../components/Reason';
import { t } from '../../i18n';

/** Asks why a stop is released, and releases it. */
export function ReleaseDialog({ stop, onClose }: { stop: KillSwitch; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const release = useMutation({
    mutationFn: () => evaluator.resumeEnforcement(stop.id, reason.trim()),
    onSuccess: onClose,
    onSettled: () =>
      Promise.all([['kill'], ['audit'], ['directives']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  const wait = reason.trim() === '' ? t('release.say-why', 'Say why first') : '';
  return (
    <Modal isOpen title={t('release.title', 'Release the stop')} onDismiss={onClose}>
      <Stack direction="column" gap={2}>
        <p>
          {t(
            'release.what',
            '{{by}} stopped enforcement of {{what}}: {{reason}}. What is in mode enforce acts again.',
            {
              by: stop.by,
              what: describeStop(stop.scope),
              reason: stop.reason,
            },
          )}
        </p>
        <Reason value={reason} onChange={setReason} />
        {release.error !== null && <Failure error={release.error} />}
      </Stack>
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onClose}>
          {t('release.cancel', 'Back')}
        </Button>
        <Button
          disabled={wait !== '' || release.isPending}
          tooltip={wait || undefined}
          onClick={() => release.mutate()}
        >
          {t('release.do', 'Enforce again')}
        </Button>
      </Modal.ButtonRow>
    </Modal>
  );
}
