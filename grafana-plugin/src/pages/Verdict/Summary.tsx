import { Stack, Text } from '@grafana/ui';
import React from 'react';
import type { VerdictDetail } from '../../api/answers';
import { Scope } from '../../components/Scope';
import { SeriesState } from '../../components/SeriesState';
import { Tile } from '../../components/Tile';
import { formatAgo, formatTime } from '../../components/time';
import { t } from '../../i18n';

/** Digits of a digest that tell revisions of one guard-rail apart. */
const DIGITS = 12;

/** Whether it holds, for what, since when, and what was ordered. */
export function Summary({ verdict }: { verdict: VerdictDetail }) {
  const { state, releasedAt, firstAt, action, disposition, mode, revision, series } = verdict;
  const released = releasedAt > 0;
  return (
    <Stack gap={2} wrap="wrap">
      <Tile
        label={t('verdict.state', 'State')}
        value={<SeriesState state={released ? 'released' : state} />}
        detail={
          released
            ? t('verdict.held', '{{from}} to {{to}}', { from: formatTime(firstAt), to: formatTime(releasedAt) })
            : t('verdict.since', 'since {{time}}, {{ago}}', { time: formatTime(firstAt), ago: formatAgo(firstAt) })
        }
        tone={released ? 'calm' : 'alarm'}
      />
      <Tile
        label={t('verdict.series', 'Series')}
        value={
          <Text variant="body">
            <Scope of={series} />
          </Text>
        }
        detail=""
      />
      <Tile
        label={t('verdict.action', 'Action')}
        value={action}
        detail={t('verdict.disposition', '{{disposition}}, in mode {{mode}}', { disposition, mode })}
        tone={disposition === 'enforced' && !released ? 'attention' : 'calm'}
      />
      <Tile
        label={t('verdict.revision', 'Revision')}
        value={<code>{revision.slice(0, DIGITS)}</code>}
        detail={t('verdict.revision-hint', 'of the guard-rail that found it')}
      />
    </Stack>
  );
}
