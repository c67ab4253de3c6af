import { GuardspanError } from '../error.js';

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/**
 * Reads a duration with its unit (`250ms`, `10s`, `5m`, `24h`, `90d`).
 * @returns seconds
 * @throws GuardspanError GUARDSPAN_DURATION
 */
export function parseDuration(text: string): number {
  const parts = DURATION.exec(text.trim());
  if (parts === null) {
    throw new GuardspanError(
      'GUARDSPAN_DURATION',
      `"${text.slice(0, 40)}" is not a duration`,
      'write a number and one of ms, s, m, h, d, for example 250ms or 5m',
    );
  }
  const seconds = Number(parts[1]) * UNIT_SECONDS[parts[2] as string]!;
  return Math.round(seconds * 1e6) / 1e6;
}

/** The shortest text that {@link parseDuration} reads back to the same number of seconds. */
export function formatDuration(seconds: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const count = seconds / UNIT_SECONDS[unit]!;
    if (count >= 1 && Number.isInteger(count)) return `${count}${unit}`;
  }
  return seconds === 0 ? '0s' : `${Math.round(seconds * 1e6) / 1e3}ms`;
}
