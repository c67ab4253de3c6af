import type { ScopedVars, TimeRange } from '@grafana/data';

/** Seconds between two values that Prometheus has, as the data source is told. */
export interface Intervals {
  /** Between two points of an answer. */
  step: number;
  variables: ScopedVars;
}

/** More points than this Prometheus refuses. */
const MOST_POINTS = 11_000;

/**
 * Resolution of a query and the variables that follow it: `$__interval`, `$__rate_interval` (four scrapes at least), `$__range`.
 *
 * @param wanted seconds between two points that the panel can show
 * @param scrape seconds between two scrapes
 */
export function intervalsOf({ from, to }: TimeRange, wanted: number, scrape: number): Intervals {
  const range = Math.max(1, Math.round((to.valueOf() - from.valueOf()) / 1000));
  const step = Math.ceil(Math.max(wanted, scrape, range / MOST_POINTS));
  const seconds = (value: number) => ({ text: `${value}s`, value: `${value}s` });
  return {
    step,
    variables: {
      __interval: seconds(step),
      __interval_ms: { text: String(step * 1000), value: step * 1000 },
      __rate_interval: seconds(Math.max(step + scrape, 4 * scrape)),
      __range: seconds(range),
      __range_s: { text: String(range), value: range },
      __range_ms: { text: String(range * 1000), value: range * 1000 },
    },
  };
}
