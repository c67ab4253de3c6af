import { Button, Field, Input, Stack } from '@grafana/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import React, { useState } from 'react';
import type { VerdictDetail } from '../../api/answers';
import { evaluator } from '../../api/client';
import { Failure } from '../../components/Failure';
import { Section } from '../../components/Section';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { useMay } from '../../permissions/useMay';

/** Whether people agree with a verdict, and the way to end its action by hand. */
export function Judgement({ verdict }: { verdict: VerdictDetail }) {
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const write = useMay('write');
  const approve = useMay('approve');
  const after = {
    onSuccess: () => {
      setReason('');
      return client.invalidateQueries({ queryKey: ['verdicts'] });
    },
  };
  const judge = useMutation({
    mutationFn: (truePositive: boolean) => evaluator.judgeVerdict(verdict.id, truePositive, reason),
    ...after,
  });
  const release = useMutation({ mutationFn: () => evaluator.releaseVerdict(verdict.id, reason), ...after });
  const busy = judge.isPending || release.isPending;
  const error = judge.error ?? release.error;
  return (
    <Section
      title={t('verdict.judgement', 'Do you agree?')}
      description={t('verdict.judgement-hint', 'What you say is put on record and counts in the rate of false alarms.')}
    >
      <Stack direction="column" gap={2}>
        <ul>
          {verdict.feedback.map(({ by, at, truePositive, reason: why }) => (
            <li key={`${by} ${at}`}>
              {truePositive
                ? t('verdict.said-right', '{{by}} called it right', { by })
                : t('verdict.said-false', '{{by}} called it a false alarm', { by })}
              {why === '' ? '' : `: ${why}`} (<When at={at} />)
            </li>
          ))}
        </ul>
        <Field label={t('verdict.reason', 'Your reason')} noMargin>
          <Input id="verdict-reason" value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} />
        </Field>
        <Stack gap={1} wrap="wrap">
          <Button
            variant="secondary"
            icon="check"
            disabled={!write.allowed || busy}
            tooltip={write.reason || undefined}
            onClick={() => judge.mutate(true)}
          >
            {t('verdict.right', 'It is right')}
          </Button>
          <Button
            variant="secondary"
            icon="times"
            disabled={!write.allowed || busy}
            tooltip={write.reason || undefined}
            onClick={() => judge.mutate(false)}
          >
            {t('verdict.false', 'False alarm')}
          </Button>
          {verdict.releasedAt === 0 && (
            <Button
              variant="destructive"
              disabled={!approve.allowed || busy || reason.trim() === ''}
              tooltip={approve.reason || (reason.trim() === '' ? t('verdict.say-why', 'Say why first') : undefined)}
              onClick={() => release.mutate()}
            >
              {t('verdict.release', 'End its action')}
            </Button>
          )}
        </Stack>
        {error !== null && <Failure error={error} />}
      </Stack>
    </Section>
  );
}
