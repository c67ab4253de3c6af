import { Alert, Button, Input, Stack } from '@grafana/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import React, { useState } from 'react';
import type { Proposal as Waiting } from '../../api/answers';
import { evaluator } from '../../api/client';
import { queries } from '../../api/queries';
import { Diff } from '../../components/Diff';
import { Failure } from '../../components/Failure';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { useMay } from '../../permissions/useMay';

interface Props {
  proposal: Waiting;
  /** The text in force; empty for a new guard-rail. */
  inForce: string;
}

/** A change that waits for a second person: what it is, who wants it and why; approve or reject it. */
export function Proposal({ proposal, inForce }: Props) {
  const { name, author, at, why, reason, change, source, revision, stale } = proposal;
  const [because, setBecause] = useState('');
  const client = useQueryClient();
  const session = useQuery(queries.session());
  const write = useMay('write');
  const approve = useMay('approve');
  const onSuccess = () =>
    Promise.all([['proposals'], ['guardrails'], ['audit']].map((queryKey) => client.invalidateQueries({ queryKey })));
  const onError = () => client.invalidateQueries({ queryKey: ['proposals'] });
  const approval = useMutation({
    mutationFn: () => evaluator.approveProposal(name, revision),
    ...{ onSuccess, onError },
  });
  const rejection = useMutation({
    mutationFn: () => evaluator.rejectProposal(name, because.trim()),
    ...{ onSuccess, onError },
  });
  const busy = approval.isPending || rejection.isPending;
  const isAuthor = session.data?.name === author;
  const notApproved = !approve.allowed
    ? approve.reason
    : isAuthor
      ? t('proposal.own', 'You wrote this change. Somebody else has to approve it.')
      : stale
        ? t('proposal.is-stale', 'What it would change was changed since. Reject it, and make the change again.')
        : '';
  const notRejected = !write.allowed
    ? write.reason
    : because.trim() === ''
      ? t('proposal.say-why', 'Say why first')
      : '';
  const error = approval.error ?? rejection.error;
  return (
    <Alert
      severity="info"
      title={
        change === 'delete'
          ? t('proposal.deletion', '{{author}} wants to delete it', { author })
          : t('proposal.change', '{{author}} wants to change it', { author })
      }
    >
      <Stack direction="column" gap={1}>
        <div>
          <When at={at} />
          {why === '' ? '' : `: ${why}`}.{' '}
          {t('proposal.reason', 'A second person is needed because {{reason}}', { reason })}
        </div>
        {stale && (
          <div>
            {t('proposal.is-stale', 'What it would change was changed since. Reject it, and make the change again.')}
          </div>
        )}
        {change === 'put' && <Diff before={inForce} after={source} label={t('proposal.diff', 'What it changes')} />}
        <Stack gap={1} wrap="wrap" alignItems="center">
          <Button
            size="sm"
            icon="check"
            disabled={notApproved !== '' || busy}
            tooltip={notApproved === '' ? undefined : notApproved}
            onClick={() => approval.mutate()}
          >
            {t('proposal.approve', 'Approve')}
          </Button>
          <Input
            width={40}
            aria-label={t('proposal.because', 'Why it is rejected')}
            placeholder={t('proposal.because', 'Why it is rejected')}
            value={because}
            onChange={({ currentTarget }) => setBecause(currentTarget.value)}
          />
          <Button
            size="sm"
            variant="secondary"
            icon="times"
            disabled={notRejected !== '' || busy}
            tooltip={notRejected === '' ? undefined : notRejected}
            onClick={() => rejection.mutate()}
          >
            {isAuthor ? t('proposal.withdraw', 'Withdraw') : t('proposal.reject', 'Reject')}
          </Button>
        </Stack>
        {isAuthor && <div>{t('proposal.own', 'You wrote this change. Somebody else has to approve it.')}</div>}
        {error !== null && <Failure error={error} />}
      </Stack>
    </Alert>
  );
}
