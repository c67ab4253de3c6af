import type { Plan } from '@guardspan/evaluator';
import pc from 'picocolors';
import { table } from './table.js';

/** Plans for people: the threshold, how long breaches go unnoticed, and the smallest group. */
export function printPlans(plans: readonly Plan[], color: boolean): string {
  const { bold } = pc.createColors(color);
  return plans.map((plan) => `${bold(plan.guardrail)} (${plan.test}, ${plan.mode})\n${described(plan)}`).join('\n');
}

function described(plan: Plan): string {
  const { callsPerSecond, bucket, settle, maxSeries, series, smallestGroup } = plan;
  const lines = [
    `  acts at ${number(plan.threshold)} nats: ${promised(plan)}, over ${maxSeries} series`,
    `  ${number(callsPerSecond)} calls a second in a series, ${number(callsPerSecond * bucket)} in a bucket of ${time(bucket)}; ${time(bucket + settle)} are added for the bucket and settle`,
  ];
  if (plan.needed > plan.threshold)
    lines.push(`  the evidence is the mean of several comparisons: one of them must gain ${number(plan.needed)} nats`);
  if (series !== null && series < maxSeries) {
    const saved = Math.log(maxSeries / Math.max(1, series));
    lines.push(`  ${series} series were seen: maxSeries: ${Math.max(1, series)} would save ${number(saved)} nats`);
  }
  if (smallestGroup !== null) lines.push(...groupLines(plan));
  lines.push(...plan.assumed.map((text) => `  assumed: ${text}`));
  const grouped = smallestGroup !== null;
  const rows = plan.effects.map(({ effect, natsPerCall, calls, seconds, smallestGroupCalls, stricterSeconds }) => [
    effect,
    number(natsPerCall),
    calls === null ? 'never' : whole(calls),
    ...(grouped ? [smallestGroupCalls === null ? 'never' : whole(smallestGroupCalls)] : []),
    seconds === null ? 'never' : time(seconds),
    stricterSeconds === null ? '' : `${time(stricterSeconds)} later`,
  ]);
  const header = [
    'BREACH',
    'NATS A CALL',
    'CALLS',
    ...(grouped ? ['OF THE GROUP'] : []),
    'FOUND AFTER',
    'TEN TIMES STRICTER',
  ];
  const body = table(header, rows).replace(/^(?=.)/gm, '  ');
  return `${lines.join('\n')}\n${body}  a promise ten times stricter costs ${number(plan.stricterNats)} nats\n`;
}

function promised({ promise: { alpha, falseAlarms, per } }: Plan): string {
  if (alpha !== null) return `one test at level ${alpha}`;
  return `${falseAlarms} false ${falseAlarms === 1 ? 'alarm' : 'alarms'} in ${time(per)}`;
}

function groupLines({ smallestGroup, bucket }: Plan): string[] {
  const { group, share, callsPerBucket, bucketsJoined } = smallestGroup!;
  const size = `  the smallest group is ${group}: ${number(share * 100)} % of the calls, ${number(callsPerBucket)} in a bucket`;
  if (bucketsJoined === 1) return [size];
  return [
    size,
    `  ${bucketsJoined} buckets (${time(bucketsJoined * bucket)}) wait for one another until each group has 30 calls`,
  ];
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const;

/** Seconds in the unit that suits them. */
function time(seconds: number): string {
  const unit = UNITS.find(([, size]) => seconds >= 2 * size || seconds === size);
  return unit === undefined ? `${number(seconds)} s` : `${number(seconds / unit[1])} ${unit[0]}`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function whole(value: number): string {
  return String(value < 1000 ? Math.ceil(value) : Number(value.toPrecision(3)));
}
