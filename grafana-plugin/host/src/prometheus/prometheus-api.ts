import type { TimeRange } from '@grafana/data';
import { getBackendSrv } from '@grafana/runtime';
import { firstValueFrom } from 'rxjs';

/** Labels of a series. */
export interface Labels {
  [label: string]: string;
}

/** A series of an answer; `value` of an instant query, `values` of one over a range: seconds from epoch, and the number as text. */
export interface Series {
  metric: Labels;
  value?: [number, string];
  values?: Array<[number, string]>;
}

/** Exemplars of one series. */
export interface SeriesExemplars {
  seriesLabels: Labels;
  exemplars: Array<{ labels: Labels; value: string; timestamp: number }>;
}

/** Prometheus' HTTP API behind the proxy of a data source. What Prometheus refuses is thrown with its own words. */
export class PrometheusApi {
  constructor(private readonly url: string) {}

  /** At one moment, seconds from epoch. */
  async instant(query: string, time: number): Promise<Series[]> {
    const { result } = await this.#get<{ result: Series[] }>('query', { query, time });
    return result;
  }

  /** At the multiples of `step` seconds in a range, as Grafana aligns them. */
  async range(query: string, range: TimeRange, step: number): Promise<Series[]> {
    const start = Math.floor(range.from.valueOf() / 1000 / step) * step;
    const end = Math.floor(range.to.valueOf() / 1000 / step) * step;
    const { result } = await this.#get<{ result: Series[] }>('query_range', { query, start, end, step });
    return result;
  }

  async exemplars(query: string, range: TimeRange): Promise<SeriesExemplars[]> {
    return this.#get('query_exemplars', { query, ...secondsOf(range) });
  }

  /** Label sets of the series that a selector has in a range. */
  async series(selector: string, range: TimeRange): Promise<Labels[]> {
    return this.#get('series', { 'match[]': selector, ...secondsOf(range) });
  }

  async #get<T>(path: string, params: { [name: string]: string | number }): Promise<T> {
    const request = getBackendSrv().fetch<{ data: T }>({
      ...{ url: `${this.url}/api/v1/${path}`, method: 'GET', params, showErrorAlert: false },
    });
    try {
      return (await firstValueFrom(request)).data.data;
    } catch (error) {
      const { data, statusText } = error as { data?: { error?: string; message?: string }; statusText?: string };
      throw new Error(data?.error ?? data?.message ?? statusText ?? 'Prometheus does not answer');
    }
  }
}

function secondsOf({ from, to }: TimeRange): { start: number; end: number } {
  return { start: from.valueOf() / 1000, end: to.valueOf() / 1000 };
}
