import {
  CoreApp,
  LoadingState,
  dateMath,
  dateTime,
  getDefaultTimeRange,
  type DataQuery,
  type DataQueryRequest,
  type DataSourceApi,
  type PanelData,
  type TimeRange,
} from '@grafana/data';
import { useEffect, useState } from 'react';
import { runRequest } from '../services/run-request';

/** The range of the address (`from`, `to`), an hour by default. */
export function addressRange(): TimeRange {
  const query = new URLSearchParams(window.location.search);
  const raw = { from: query.get('from') ?? 'now-1h', to: query.get('to') ?? 'now' };
  const time = (text: string, roundUp: boolean) =>
    dateMath.parse(/^\d+$/.test(text) ? dateTime(Number(text)) : text, roundUp) ?? dateTime();
  return { from: time(raw.from, false), to: time(raw.to, true), raw };
}

/** Runs a query each time that it changes or `run` does, as a panel of a dashboard does. */
export function usePanelData(source: DataSourceApi | undefined, query: DataQuery | undefined, run: number): PanelData {
  const [data, setData] = useState<PanelData>({
    state: LoadingState.NotStarted,
    series: [],
    timeRange: getDefaultTimeRange(),
  });
  useEffect(() => {
    if (source === undefined || query === undefined) return undefined;
    const range = addressRange();
    const request: DataQueryRequest = {
      ...{ requestId: `host-${run}`, interval: '15s', intervalMs: 15_000, maxDataPoints: 500, range, scopedVars: {} },
      ...{ targets: [query], timezone: 'browser', app: CoreApp.Dashboard, startTime: Date.now(), panelId: 1 },
    };
    const subscription = runRequest(source, request).subscribe(setData);
    return () => subscription.unsubscribe();
  }, [source, query, run]);
  return data;
}
