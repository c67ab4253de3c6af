import { Badge, type BadgeColor, type IconName } from '@grafana/ui';
import React from 'react';
import { t } from '../i18n';
import { useLiveStatus } from '../live/LiveProvider';
import type { LiveStatus } from '../live/stream';

/** Says how the page learns of changes, so that what stands still is not taken for what is calm. */
export function LiveBadge() {
  const status = useLiveStatus();
  const { text, tooltip, color, icon } = look(status);
  return (
    <div role="status" aria-live="off">
      {/* Grafana's Icon keeps the picture that it loaded first. */}
      <Badge key={status} text={text} tooltip={tooltip} color={color} icon={icon} />
    </div>
  );
}

function look(status: LiveStatus): { text: string; tooltip: string; color: BadgeColor; icon: IconName } {
  switch (status) {
    case 'live':
      return {
        text: t('live.live', 'Live'),
        tooltip: t('live.live-hint', 'Changes show as they happen.'),
        color: 'green',
        icon: 'rss',
      };
    case 'polling':
      return {
        text: t('live.polling', 'Every 5 s'),
        tooltip: t(
          'live.polling-hint',
          'The event stream does not come through, so the page asks every 5 seconds. A proxy that buffers answers does this.',
        ),
        color: 'orange',
        icon: 'sync',
      };
    case 'paused':
      return {
        text: t('live.paused', 'Paused'),
        tooltip: t('live.paused-hint', 'Updates go on when this tab is looked at.'),
        color: 'blue',
        icon: 'pause',
      };
    case 'connecting':
      return {
        text: t('live.connecting', 'Connecting'),
        tooltip: t('live.connecting-hint', 'The event stream is being opened.'),
        color: 'blue',
        icon: 'sync',
      };
  }
}
