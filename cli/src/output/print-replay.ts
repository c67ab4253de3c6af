import type { LeftOutRows, ReplayedGuardrail, ReplayResult } from '@guardspan/evaluator';
import pc from 'picocolors';

/** A replay for people: what each guard-rail came to, then every change of state. */
export function printReplay(result: ReplayResult, leftOut: LeftOutRows, color: boolean): string {
  const { bold, red, dim } = pc.createColors(color);
  const lines = [`${result.calls} calls`];
  if (leftOut.first !== null) {
    const { row, text } = leftOut.first;
    lines.push(`${leftOut.rows} rows left out, because their time cannot be read; the first is row ${row}: "${text}"`);
  }
  for (const one of result.guardrails) {
    lines.push('', `${bold(one.name)} ${dim(`(${one.kind}, ${one.calls} calls)`)}`, ...described(one));
  }
  if (result.timeline.length > 0) lines.push('', bold('timeline'));
  for (const { at, guardrail, series, from, to, calls, message } of result.timeline) {
    const where = Object.values(series).join(' ');
    const state = to === 'firing' ? red(to) : to;
    lines.push(`  ${timeOf(at)} ${guardrail} ${where}: ${from} -> ${state} after ${calls} calls: ${message}`);
  }
  if (result.skipped.length > 0)
    lines.push('', dim(`not replayed, because they judge single calls: ${result.skipped.join(', ')}`));
  return `${lines.join('\n')}\n`;
}

function described(one: ReplayedGuardrail): string[] {
  const { calls, first } = one.notJudged;
  const told =
    calls === 0 ? [] : [`  ${calls} calls lack what its test reads, or hold it as another type; the first is ${first}`];
  if (one.calls === 0)
    return ['  no call is about this guard-rail: compare its match and test with the mapping', ...told];
  const judged =
    one.mode === one.judgedAs
      ? []
      : [`  ${one.mode}, judged as ${one.judgedAs}: a recording has no probes, and no action changed it`];
  if (one.kind === 'threshold') {
    return [
      ...judged,
      '  a threshold: no promise about false alarms',
      ...one.series.map(({ series, state, signals }) => {
        const values = Object.entries(signals).map(([name, { value }]) => `${name} ${round(value)}`);
        return `  ${Object.values(series).join(' ')}: ${state}, ${values.join(', ')}`;
      }),
    ];
  }
  const series = one.evidence.flatMap(({ series, summary, promise, evidence, groups, reach }) => [
    `  ${Object.values(series).join(' ')}: ${summary}`,
    (Number.isFinite(evidence.highest)
      ? `    highest ${round(evidence.highest)} of ${round(evidence.threshold)} nats`
      : `    nothing to bet on yet, threshold ${round(evidence.threshold)} nats`) +
      (evidence.crossedCalls > 0 ? `, first reached after ${evidence.crossedCalls} calls` : ', never reached'),
    ...(reach === undefined ? [] : [`    ${reach.text}`]),
    ...groups.map(({ stratum, group, calls, rate }) => `    ${stratum} ${group}: ${round(rate * 100)} % of ${calls}`),
    `    promise: ${promise.status}. ${promise.text}`,
  ]);
  return [...judged, ...told, ...one.hints.map((hint) => `  ${hint}`), ...series];
}

function timeOf(at: number): string {
  return new Date(at * 1000).toISOString();
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
