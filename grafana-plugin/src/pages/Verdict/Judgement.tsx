import { Button, Field, Input, Stack, type IconName } from '@grafana/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import React, { useState } from 'react';
import type { Feedback, Judgement as Said, VerdictDetail } from '../../api/answers';
import { evaluator } from '../../api/client';
import { Bullets } from '../../components/Bullets';
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
    mutationFn: (said: Said) => evaluator.judgeVerdict(verdict.id, said, reason.trim()),
    ...after,
  });
  const release = useMutation({ mutationFn: () => evaluator.releaseVerdict(verdict.id, reason.trim()), ...after });
  const busy = judge.isPending || release.isPending;
  const error = judge.error ?? release.error;
  const unsaid = reason.trim() === '' ? t('verdict.say-why', 'Say why first') : '';
  const choices: ReadonlyArray<{ said: Said; text: string; icon: IconName }> = [
    { said: 'right', text: t('verdict.right', 'It is right'), icon: 'check' },
    { said: 'false_alarm', text: t('verdict.false', 'False alarm'), icon: 'times' },
    { said: 'unclear', text: t('verdict.unclear', 'Unclear'), icon: 'question-circle' },
  ];
  const notJudged = write.reason || unsaid;
  const notReleased = approve.reason || unsaid;
  return (
    <Section
      title={t('verdict.judgement', 'Do you agree?')}
      description={t(
        'verdict.judgement-hint',
        'What you say is put on record and counts in the precision of the guard-rail. Your newest judgement replaces the one before.',
      )}
    >
      <Stack direction="column" gap={2}>
        {verdict.feedback.length > 0 && (
          <Bullets>
            {verdict.feedback.map((one) => (
              <li key={one.by}>
                {describe(one)}: {one.reason} (<When at={one.at} />)
              </li>
            ))}
          </Bullets>
        )}
        <Field label={t('verdict.reason', 'Your reason')} noMargin>
          <Input
            id="verdict-reason"
            maxLength={1000}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </Field>
        <Stack gap={1} wrap="wrap">
          {choices.map(({ said, text, icon }) => (
            <Button
              key={said}
              variant="secondary"
              icon={icon}
              disabled={notJudged !== '' || busy}
              tooltip={notJudged || undefined}
              onClick={() => judge.mutate(said)}
            >
              {text}
            </Button>
          ))}
          {verdict.releasedAt === 0 && (
            <Button
              variant="destructive"
              disabled={notReleased !== '' || busy}
              tooltip={notReleased || undefined}
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

function describe({ by, judgement }: Feedback): string {
  const words: { [said in Said]: string } = {
    right: t('verdict.said-right', '{{by}} called it right', { by }),
    false_alarm: t('verdict.said-false', '{{by}} called it a false alarm', { by }),
    unclear: t('verdict.said-unclear', '{{by}} called it unclear', { by }),
  };
  return words[judgement];
}
