import { Alert, Button, Stack } from '@grafana/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import React, { useState } from 'react';
import { evaluator } from '../../api/client';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { Failure } from '../../components/Failure';
import { Reason } from '../../components/Reason';
import { Scope } from '../../components/Scope';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { useMay } from '../../permissions/useMay';

/** Scopes that fire and on which a person lets the guard-rail act: beyond as many as it may by itself, or because it asks. Nothing while there are none. */
export function WaitingScopes({ guardrail }: { guardrail: string }) {
  const query = useLiveQuery(queries.directives());
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const approve = useMay('approve');
  const approval = useMutation({
    mutationFn: (verdictId: string) => evaluator.approveDirective(verdictId, reason.trim()),
    onSettled: () => Promise.all([['directives'], ['audit']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  const waiting = (query.data?.pending ?? []).filter((one) => one.guardrail === guardrail);
  if (waiting.length === 0) {
    return null;
  }
  const refusal = !approve.allowed ? approve.reason : reason.trim() === '' ? t('waiting.say-why', 'Say why first') : '';
  return (
    <Alert
      severity="warning"
      title={t('waiting.title', '{{count}} scopes wait for a person', {
        count: waiting.length,
        defaultValue_one: 'One scope waits for a person',
      })}
    >
      <Stack direction="column" gap={2}>
        <div>
          {t(
            'waiting.hint',
            'It asks before it acts, or acts on as many scopes as it may by itself (limits.maxScopes). See whether the guard-rail is right before you let it act.',
          )}
        </div>
        <Reason value={reason} onChange={setReason} />
        <Columns
          label={t('waiting.scopes', 'Scopes that wait')}
          keyOf={({ verdictId }) => verdictId}
          rows={waiting}
          columns={[
            { title: t('waiting.scope', 'Scope'), cell: ({ scope }) => <Scope of={scope} /> },
            { title: t('waiting.since', 'Since'), cell: ({ at }) => <When at={at} /> },
            {
              title: t('waiting.then', 'Then'),
              cell: ({ verdictId }) => (
                <Button
                  size="sm"
                  disabled={refusal !== '' || approval.isPending}
                  tooltip={refusal === '' ? undefined : refusal}
                  onClick={() => approval.mutate(verdictId)}
                >
                  {t('waiting.approve', 'Let it act')}
                </Button>
              ),
            },
          ]}
        />
        {approval.error !== null && <Failure error={approval.error} />}
      </Stack>
    </Alert>
  );
}
