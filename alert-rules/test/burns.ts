import { DECISION_SECONDS } from './timelines.js';

/** A share of slow decisions that only one pair of windows is there for. Hours. */
export interface Burn {
  alert: 'GuardspanLatencyBudgetBurnFast' | 'GuardspanLatencyBudgetBurnSlow';
  /** Decisions that are slow between `from` and `until`, in per cent; before and after none is. */
  bad: number;
  from: number;
  until: number;
  /** Not yet, although decisions are slow: the budget that the pair allows is not used up. */
  quietAt: number;
  firesAt: number;
  /** Over soon after the shorter window forgets, long before the longer one does. */
  overAt: number;
}

/**
 * The pairs of the SRE workbook for 99 % in 30 days: 1 h and 5 min at 14.4 times the rate that uses the budget up in a month, 6 h and 30 min at 6 times, 3 d and
 * 6 h at once. Of a steady rate the longer window fires when `bad * time` reaches `factor * 1 % * window`, or all that there is of it.
 */
export const BURNS: readonly Burn[] = [
  // 1 h and 5 min: 0.144 h of slow decisions, here after 14.4 minutes. 6 h and 30 min would want 6 % of all 3.3 hours, which is 20 minutes.
  {
    ...{ alert: 'GuardspanLatencyBudgetBurnFast', bad: 60, from: 3, until: 3.3 },
    ...{ quietAt: 3.2, firesAt: 3.27, overAt: 3.4 },
  },
  // 6 h and 30 min: 6 % of all 3 hours, after 2 of them. 9 % never reach 14.4 %.
  {
    ...{ alert: 'GuardspanLatencyBudgetBurnFast', bad: 9, from: 1, until: 4 },
    ...{ quietAt: 2.9, firesAt: 3.1, overAt: 4.3 },
  },
  // 3 d and 6 h: 1 % of all 4 hours, after 2 of them. 2 % never reach 6 %.
  {
    ...{ alert: 'GuardspanLatencyBudgetBurnSlow', bad: 2, from: 2, until: 6 },
    ...{ quietAt: 3.9, firesAt: 4.1, overAt: 9.2 },
  },
];

const STEPS = 120;
const minutes = (hours: number): string => `${Math.round(hours * 60)}m`;

/** Series in promtool's notation, one value each 30 s, and what must fire when; the alert of the other severity stays out of it. */
export function burnCase({ alert, bad, from, until, quietAt, firesAt, overAt }: Burn) {
  const [fine, slow, rest] = [from, until - from, 4].map((hours) => Math.round(hours * STEPS)) as [
    number,
    number,
    number,
  ];
  const [first, second] = [fine * 100, fine * 100 + slow * (100 - bad)];
  const labels = { job: 'shop', severity: alert.endsWith('Fast') ? 'critical' : 'warning' };
  const at = (hours: number, firing: boolean) => ({ alert, at: minutes(hours), labels: firing ? [labels] : [] });
  const other = { alert: 'GuardspanLatencyBudgetBurnFast', labels: [] };
  return {
    series: {
      [`${DECISION_SECONDS}_bucket{job="shop",le="0.05"}`]: [
        `0+100x${fine}`,
        `${first + 100 - bad}+${100 - bad}x${slow - 1}`,
        `${second + 100}+100x${rest}`,
      ].join(' '),
      [`${DECISION_SECONDS}_count{job="shop"}`]: `0+100x${fine + slow + rest}`,
    },
    checks: [
      ...[at(quietAt, false), at(firesAt, true), at(overAt, false)],
      ...(alert === other.alert ? [] : [{ ...other, at: minutes(firesAt) }]),
    ],
  };
}
