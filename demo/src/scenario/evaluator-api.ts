/** A windowed verdict as the API shows it; the part that the scenario reads. */
export interface VerdictView {
  id: string;
  guardrail: string;
  series: { [field: string]: string };
  state: string;
  message: string;
  disposition: string;
  firstAt: number;
  /** 0 while it lasts. */
  releasedAt: number;
}

/** Calls guarded of calls seen. */
export interface CoverageView {
  guarded: number;
  unguarded: number;
  coverage: number | null;
}

/** The evaluator's HTTP API, as far as the scenario reads it. */
export class EvaluatorApi {
  readonly url: string;
  readonly #headers: { authorization: string };

  constructor(url: string, token: string) {
    this.url = url;
    this.#headers = { authorization: `Bearer ${token}` };
  }

  async verdicts(): Promise<VerdictView[]> {
    return ((await this.#get('/api/v1/verdicts?limit=200')) as { items: VerdictView[] }).items;
  }

  async coverage(): Promise<CoverageView> {
    return (await this.#get('/api/v1/coverage')) as CoverageView;
  }

  /** Instances that are connected. */
  async connected(): Promise<number> {
    return ((await this.#get('/api/v1/fleet')) as { items: unknown[] }).items.length;
  }

  /** Times from the receipt of the record that crossed a threshold to a process's confirmation, milliseconds, as quantiles of the histogram that /metrics shows. */
  async propagation(): Promise<{ p50: number; p99: number; count: number }> {
    const text = await (await fetch(`${this.url}/metrics`, { headers: this.#headers })).text();
    const bounds: { le: number; count: number }[] = [];
    for (const line of text.split('\n')) {
      const found = /^guardspan_propagation_duration_seconds_bucket\{le="([^"]+)"\} (\d+)/.exec(line);
      if (found !== null)
        bounds.push({ le: found[1] === '+Inf' ? Infinity : Number(found[1]), count: Number(found[2]) });
    }
    const count = bounds.at(-1)?.count ?? 0;
    return { p50: quantile(bounds, 0.5), p99: quantile(bounds, 0.99), count };
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, { headers: this.#headers });
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    return response.json();
  }
}

// Linear inside a bucket, as Prometheus's histogram_quantile does it.
function quantile(bounds: readonly { le: number; count: number }[], q: number): number {
  const total = bounds.at(-1)?.count ?? 0;
  if (total === 0) return NaN;
  const rank = q * total;
  let below = { le: 0, count: 0 };
  for (const bound of bounds) {
    if (bound.count >= rank) {
      if (!Number.isFinite(bound.le)) return below.le * 1000;
      const share = bound.count === below.count ? 1 : (rank - below.count) / (bound.count - below.count);
      return Math.round((below.le + (bound.le - below.le) * share) * 1e5) / 100;
    }
    below = bound;
  }
  return below.le * 1000;
}
