import { Alert, Button, Stack } from '@grafana/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import React, { useState } from 'react';
import { evaluator } from '../../api/client';
import { queries } from '../../api/queries';
import { Failure } from '../../components/Failure';
import { Reason } from '../../components/Reason';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { useMay } from '../../permissions/useMay';

/** That the action of a verdict waits for a person, and the buttons that answer. Nothing when it does not wait. */
export function Approval({ verdictId }: { verdictId: string }) {
  const query = useLiveQuery(queries.directives());
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const approve = useMay('approve');
  const onSettled = () =>
    Promise.all([['directives'], ['verdicts'], ['audit']].map((queryKey) => client.invalidateQueries({ queryKey })));
  const answer = useMutation({
    mutationFn: async (taken: boolean): Promise<void> => {
      await (taken ? evaluator.approveDirective : evaluator.rejectDirective)(verdictId, reason.trim());
    },
    onSettled,
  });
  const waiting = query.data?.pending.find((one) => one.verdictId === verdictId);
  if (waiting === undefined) {
    return null;
  }
  const refusal = !approve.allowed
    ? approve.reason
    : reason.trim() === ''
      ? t('approval.say-why', 'Say why first')
      : '';
  const button = { disabled: refusal !== '' || answer.isPending, tooltip: refusal === '' ? undefined : refusal };
  return (
    <Alert severity="warning" title={t('approval.title', 'The action waits for a person')}>
      <Stack direction="column" gap={2}>
        <div>
          {waiting.reason === 'max_scopes'
            ? t('approval.scopes', 'The guard-rail acts on as many scopes as it may by itself (limits.maxScopes).')
            : t('approval.asks', 'Nothing was done to any call yet: the guard-rail asks before it acts.')}{' '}
          {waiting.until > 0 && (
            <>
              {waiting.onTimeout === 'execute'
                ? t('approval.execute', 'Without an answer the action is taken:')
                : t('approval.cancel', 'Without an answer the action is not taken, from:')}{' '}
              <When at={waiting.until} />
            </>
          )}
        </div>
        <Reason value={reason} onChange={setReason} />
        <Stack gap={1}>
          <Button {...button} onClick={() => answer.mutate(true)}>
            {t('approval.approve', 'Approve')}
          </Button>
          <Button {...button} variant="secondary" onClick={() => answer.mutate(false)}>
            {t('approval.reject', 'Reject')}
          </Button>
        </Stack>
        {answer.error !== null && <Failure error={answer.error} />}
      </Stack>
    </Alert>
  );
}
