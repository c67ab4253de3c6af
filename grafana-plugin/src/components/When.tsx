import { css } from '@emotion/css';
import { Tooltip } from '@grafana/ui';
import React from 'react';
import { formatAgo, formatTime } from './time';

/** "9 minutes ago" is too short for two lines. */
const oneLine = css({ whiteSpace: 'nowrap' });

/** How long ago something was, with the exact time in the user's zone on hover and focus. `at` is in seconds from epoch. */
export function When({ at }: { at: number }) {
  return (
    <Tooltip content={formatTime(at)}>
      <time className={oneLine} dateTime={new Date(at * 1000).toISOString()}>
        {formatAgo(at)}
      </time>
    </Tooltip>
  );
}
