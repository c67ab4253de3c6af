import { Alert } from '@grafana/ui';
import React from 'react';
import { queries } from '../../../api/queries';
import { describePrecision } from '../../../components/describePrecision';
import { t } from '../../../i18n';
import { useLiveQuery } from '../../../live/useLiveQuery';

interface Props {
  guardrail: string;
  windowed: boolean;
  /** Mode that is written in the document, and for which percentage of calls. */
  mode: string;
  percent: number;
}

/** Dispositions of verdicts on which something was done. */
const ACTED = ['enforced', 'enforced_stale', 'deny_failclosed', 'deny_stale'];

/** What was measured of a guard-rail that is in force, beside the choice how far it shall go: what it did or would have done, and whether people agree. */
export function TrackRecord({ guardrail, windowed, mode, percent }: Props) {
  const { data: history } = useLiveQuery(queries.dispositions(guardrail));
  const { data: precision } = useLiveQuery({ ...queries.precision(guardrail), enabled: windowed });
  if (history === undefined) {
    return null;
  }
  const sum = (names: readonly string[]): number =>
    history.items.reduce((all, { counts }) => all + names.reduce((some, name) => some + (counts[name] ?? 0), 0), 0);
  const calls = history.items.reduce((all, one) => all + one.calls, 0);
  const would = sum(['would_act']);
  const acted = sum(ACTED);
  return (
    <Alert severity="info" title={t('track.title', 'What it did so far')}>
      <p>
        {t(
          'track.counts',
          'In the last hour, of {{calls}} guarded calls: it acted on {{acted}}, and would have acted on {{would}} more.',
          { calls: calls.toLocaleString(), acted: acted.toLocaleString(), would: would.toLocaleString() },
        )}{' '}
        {mode === 'enforce' &&
          would > 0 &&
          t('track.expected', 'With {{percent}} % it acts on about {{expected}} of these in an hour.', {
            percent,
            expected: Math.round((would * percent) / 100).toLocaleString(),
          })}
      </p>
      {precision !== undefined && precision.verdicts > 0 && <p>{describePrecision(precision)}</p>}
      {precision?.precision === null && (mode === 'dryrun' || mode === 'warn') && (
        <p>{t('track.judge', 'Judge some of its verdicts before it goes further.')}</p>
      )}
    </Alert>
  );
}
