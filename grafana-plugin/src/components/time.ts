import { dateTimeFormat, dateTimeFormatTimeAgo } from '@grafana/data';
import { config } from '@grafana/runtime';

const zone = (): string => config.bootData?.user?.timezone || 'browser';

/** Date and time in the time zone of the user's preferences. `at` is in seconds from epoch. */
export function formatTime(at: number): string {
  return dateTimeFormat(at * 1000, { timeZone: zone() });
}

/** Time of the day in the time zone of the user's preferences. `at` is in seconds from epoch. */
export function formatClock(at: number): string {
  return dateTimeFormat(at * 1000, { timeZone: zone(), format: 'HH:mm:ss' });
}

/** How long ago, in words. `at` is in seconds from epoch. */
export function formatAgo(at: number): string {
  return dateTimeFormatTimeAgo(at * 1000, { timeZone: zone() });
}
