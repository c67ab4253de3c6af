import { useState } from 'react';
import type { SeriesState } from '../../api/answers';

/** Values of the signals of a series at one moment. */
export interface Sample {
  /** Seconds from epoch. */
  at: number;
  values: { [signal: string]: number | null };
}

/** Samples of each series that are kept: an hour at one each ten seconds. */
const MAX_SAMPLES = 360;

/** Remembers what series measured while the page is open, by the JSON of their fields. Series that are gone are forgotten. */
export function useSamples(
  items: readonly SeriesState[] | undefined,
  at: number,
): ReadonlyMap<string, readonly Sample[]> {
  const [samples, setSamples] = useState<ReadonlyMap<string, readonly Sample[]>>(new Map());
  const [seen, setSeen] = useState(0);
  // One sample for each answer.
  if (items !== undefined && at !== seen) {
    setSeen(at);
    setSamples(remember(samples, items, at));
  }
  return samples;
}

/** The samples with those of one moment more. */
export function remember(
  known: ReadonlyMap<string, readonly Sample[]>,
  items: readonly SeriesState[],
  at: number,
): ReadonlyMap<string, readonly Sample[]> {
  return new Map(
    items.map(({ series, signals }) => {
      const key = JSON.stringify(series);
      const before = (known.get(key) ?? []).filter((sample) => sample.at < at);
      const values = Object.fromEntries(Object.entries(signals).map(([name, { value }]) => [name, value]));
      return [key, [...before, { at, values }].slice(-MAX_SAMPLES)];
    }),
  );
}
