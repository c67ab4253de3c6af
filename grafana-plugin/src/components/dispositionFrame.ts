import { FieldColorModeId, FieldType, type DataFrame } from '@grafana/data';
import type { Dispositions } from '../api/answers';

/** Every disposition with a colour of Grafana's palette: what acted, what would have, what failed open, what failed closed. */
const COLORS: { [disposition: string]: string } = {
  enforced: 'purple',
  enforced_stale: 'dark-purple',
  would_act: 'blue',
  not_evaluated: 'text',
  allow: 'green',
  allow_failopen: 'orange',
  allow_stale: 'yellow',
  deny_failclosed: 'red',
  deny_stale: 'dark-red',
};
const ORDER = Object.keys(COLORS);

/**
 * Verdicts that are no pass over time, a field for each disposition that occurs, with a zero where nothing was reported: a gap would look like
 * an unknown.
 * @param until seconds from epoch: the newest slice.
 */
export function dispositionFrame({ step, since, items }: Dispositions, until: number): DataFrame {
  const first = Math.floor(since / step) * step;
  const length = Math.max(0, Math.floor((until - first) / step)) + 1;
  const starts = Array.from({ length }, (_, index) => first + index * step);
  const slices = new Map(items.map((item) => [item.start, item.counts]));
  const names = [...new Set(items.flatMap(({ counts }) => Object.keys(counts)))].sort(
    (a, b) => ORDER.indexOf(a) - ORDER.indexOf(b),
  );
  return {
    length,
    fields: [
      { name: 'time', type: FieldType.time, config: {}, values: starts.map((start) => start * 1000) },
      ...names.map((name) => ({
        name,
        type: FieldType.number,
        config: { color: { mode: FieldColorModeId.Fixed, fixedColor: COLORS[name] ?? 'text' } },
        values: starts.map((start) => slices.get(start)?.[name] ?? 0),
      })),
    ],
  };
}
