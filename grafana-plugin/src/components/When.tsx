import { Tooltip } from '@grafana/ui';
import React from 'react';
import { formatAgo, formatTime } from './time';

/** How long ago something was, with the exact time in the user's zone on hover and focus. `at` is in seconds from epoch. */
export function When({ at }: { at: number }) {
  return (
    <Tooltip content={formatTime(at)}>
      <time dateTime={new Date(at * 1000).toISOString()}>{formatAgo(at)}</time>
    </Tooltip>
  );
}
