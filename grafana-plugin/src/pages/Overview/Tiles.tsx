import { Stack } from '@grafana/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import React, { type ReactNode } from 'react';
import { queries } from '../../api/queries';
import { describeFailure } from '../../components/describeFailure';
import { percent } from '../../components/numbers';
import { Tile } from '../../components/Tile';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { convergence, modes } from './summarise';

interface Reading {
  value: ReactNode;
  detail: string;
  tone: 'calm' | 'attention' | 'alarm';
}

/** The four numbers that say whether enforcement works. */
export function Tiles() {
  const guardrails = useLiveQuery(queries.guardrails());
  const coverage = useLiveQuery(queries.coverage());
  const fleet = useLiveQuery(queries.fleet());
  const series = useLiveQuery(queries.series({ firing: true }));
  return (
    <Stack gap={2} wrap="wrap">
      <QueryTile label={t('overview.enforcing', 'Guard-rails that enforce')} query={guardrails}>
        {({ items }) => {
          const { enforce, inert, total } = modes(items);
          return {
            value: t('overview.of', '{{part}} of {{total}}', { part: enforce, total }),
            detail:
              inert === 0
                ? t('overview.all-can-act', 'Each can act somewhere.')
                : t('overview.inert', '{{inert}} of them can act nowhere.', { inert }),
            tone: inert === 0 ? 'calm' : 'attention',
          };
        }}
      </QueryTile>
      <QueryTile label={t('overview.firing', 'Series that fire')} query={series}>
        {({ total }) => ({
          value: String(total),
          detail:
            total === 0
              ? t('overview.calm', 'No windowed guard-rail is violated.')
              : t('overview.firing-detail', 'Violated now, or being probed for recovery.'),
          tone: total === 0 ? 'calm' : 'alarm',
        })}
      </QueryTile>
      <QueryTile label={t('overview.coverage', 'Coverage')} query={coverage}>
        {({ coverage: share, guarded, unguarded }) => ({
          value: share === null ? t('overview.no-calls', 'no calls yet') : percent(share),
          detail: t('overview.coverage-detail', '{{guarded}} calls guarded, {{unguarded}} seen and not guarded.', {
            guarded: guarded.toLocaleString(),
            unguarded: unguarded.toLocaleString(),
          }),
          tone: unguarded === 0 ? 'calm' : 'attention',
        })}
      </QueryTile>
      <QueryTile label={t('overview.fleet', 'Processes up to date')} query={fleet}>
        {({ items }) => {
          const { current, total, refusing } = convergence(items);
          return {
            value: t('overview.of', '{{part}} of {{total}}', { part: current, total }),
            detail:
              total === 0
                ? t('overview.no-process', 'No process is connected: nothing can be enforced.')
                : refusing > 0
                  ? t('overview.refusing', '{{refusing}} could not load a guard-rail.', { refusing })
                  : t('overview.converged', 'They hold what was published last.'),
            tone: total === 0 || refusing > 0 ? 'alarm' : current < total ? 'attention' : 'calm',
          };
        }}
      </QueryTile>
    </Stack>
  );
}

function QueryTile<T>({
  label,
  query: { data, error },
  children,
}: {
  label: string;
  query: UseQueryResult<T, Error>;
  children: (data: T) => Reading;
}) {
  if (data === undefined) {
    const failed = error !== null;
    return (
      <Tile
        label={label}
        value={failed ? t('overview.unknown', 'unknown') : '…'}
        detail={failed ? describeFailure(error).title : ''}
        tone={failed ? 'alarm' : 'calm'}
      />
    );
  }
  const { value, detail, tone } = children(data);
  return (
    <Tile
      label={label}
      value={value}
      detail={error === null ? detail : t('overview.old', 'Not current: the evaluator does not answer.')}
      tone={error === null ? tone : 'attention'}
    />
  );
}
